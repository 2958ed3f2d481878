"""The settings of the prefecture, each declared once: what it means, its values, and what its default rests on."""

from dataclasses import dataclass
from typing import Any

from linxia_xueji.rules import Basis, Force


@dataclass(frozen=True)
class Setting:
    """One setting: its key, what it means, its values and what its default rests on."""

    key: str
    label: str
    default: Any
    basis: Basis
    why: str
    choices: tuple[tuple[Any, str], ...] = ()


FORCES = ((Force.FORBID.value, "不予"), (Force.DISCRETION.value, "须书面说明理由"))
YES_NO = ((True, "是"), (False, "否"))


def _minutes(*choices: int) -> tuple[tuple[int, str], ...]:
    return tuple((n, f"{n}分钟") for n in choices)


def _proof(name: str, label: str, default: int, words: str, values: tuple[int, ...], meaning: str = "") -> Setting:
    """A threshold of what is measured of a proof's picture (`registry.proof_judgement`)."""
    why = "；".join(filter(None, ("通知三（一）1要求“图像规整清晰完整”，没有规定数值；阈值为假定", meaning)))
    return Setting(
        f"proof.{name}", f"证明图片：{label}", default, Basis.ASSUMED, why, tuple((n, words.format(n)) for n in values)
    )


def _workdays(key: str, label: str, default: int, values: tuple[int, ...], why: str) -> Setting:
    """A last day that the notice does not name, in working days."""
    return Setting(key, label, default, Basis.ASSUMED, why, tuple((n, f"{n}个工作日") for n in values))


OFFICE = "通知一（一）只要求专人专岗、不得委托他人；"

SETTINGS: dict[str, Setting] = {
    s.key: s
    for s in (
        Setting(
            "clock.days",
            "办理期限（工作日）",
            10,
            Basis.QUOTED,
            "通知一（一）：必须在10个工作日内完成学籍异动操作流程；用于新生注册批次为假定",
        ),
        Setting(
            "clock.send_back",
            "退回修改期间的计时",
            "pause",
            Basis.ASSUMED,
            "通知未规定；默认暂停",
            (("pause", "暂停"), ("restart", "重新起算"), ("run_on", "照常计时")),
        ),
        Setting(
            "clock.transfer_per_party",
            "转学：各方分别计时",
            0,
            Basis.NATIONAL,
            "教基〔2025〕1号第十五条（据报道，原文未核对）：转入学校、转入地主管部门、转出学校、转出地主管部门分别在10个工作日内办理；"
            "州级审核环节同样计算、退回期间按上一项设置为假定",
            ((0, "不采用，整件合计"), (10, "各10个工作日")),
        ),
        Setting(
            "clock.ends_with",
            "办理期限计算到何时",
            "approval",
            Basis.ASSUMED,
            "通知一（一）：10个工作日内“完成学籍异动操作流程”，没有说明以审批还是以全国系统办理完成为准",
            (("approval", "本门户办结"), ("national", "登记国网办结（只用于学籍异动）")),
        ),
        Setting(
            "enrolment.deadline.last_day",
            "高一注册截止日（月-日）",
            "09-30",
            Basis.QUOTED,
            "通知二：务必于9月30日前完成；含当日为假定",
        ),
        Setting(
            "enrolment.deadline",
            "逾期提交的后果",
            "forbid",
            Basis.ASSUMED,
            "“务必”按不予处理为假定，可改为须书面说明理由",
            FORCES,
        ),
        Setting(
            "enrolment.mismatch",
            "信息与录取名单不一致的后果",
            "forbid",
            Basis.ASSUMED,
            "“确保”按不予处理为假定，可改为须书面说明理由",
            FORCES,
        ),
        Setting(
            "entry.urgings_before_letter",
            "提请责令入学前督促的次数",
            2,
            Basis.ASSUMED,
            "通知二只写“由学校督促其入学，督促无效的”，没有规定次数；默认2次",
            tuple((n, f"{n}次") for n in (1, 2, 3, 5)),
        ),
        Setting(
            "transfer.window.before_end",
            "转学：学期结束前的办理期",
            10,
            Basis.ASSUMED,
            "通知三（二）1只写“学期结束前”，没有规定天数；默认最后10个工作日",
            (
                (5, "最后5个工作日"),
                (10, "最后10个工作日"),
                (15, "最后15个工作日"),
                (20, "最后20个工作日"),
                ("whole", "整个学期"),
            ),
        ),
        Setting(
            "transfer.window",
            "在转学办理期外申请的后果",
            "forbid",
            Basis.ASSUMED,
            "通知三（二）1“应在……办理”按不予处理为假定，可改为须书面说明理由",
            FORCES,
        ),
        Setting(
            "suspension.cross_term.reading",
            "“跨学期休学”的含义",
            "term",
            Basis.ASSUMED,
            "通知三（二）2只写“坚决杜绝跨学期休学”，没有说明何为跨学期；默认申请和开始在同一学期",
            (
                ("term", "申请和开始在同一学期，假期不受理"),
                ("holidays", "假期也可以申请，自下一学期开始"),
                ("school_year", "申请和开始在同一学年"),
            ),
        ),
        Setting(
            "resumption.wrong_grade",
            "复学年级与学籍不一致的后果",
            "forbid",
            Basis.ASSUMED,
            "通知三（一）3“必须与学籍一致”按不予处理为假定，可改为须书面说明理由",
            FORCES,
        ),
        Setting(
            "national.freeze",
            "全国学籍系统暑期停办",
            "none",
            Basis.ASSUMED,
            "通知未规定；全国系统往年7月至8月停办学籍异动的做法，停办期间在本门户仍可申请和审批",
            (("none", "不停办"), ("7-8", "7月1日至8月31日停办")),
        ),
        _proof("min_pixels", "短边最少像素", 800, "{}像素", (600, 800, 1000, 1200, 1600)),
        _proof(
            "sharpness",
            "清晰度下限",
            70,
            "{}分",
            (50, 60, 65, 70, 75, 80),
            "满分100，为笔画边缘在两个像素内完成的明暗变化",
        ),
        _proof("blank", "字迹线条占画面下限", 2, "千分之{}", (1, 2, 3, 5), "低于此值视为空白页"),
        _proof("contrast", "字迹与纸面明暗差下限", 60, "{}级", (40, 50, 60, 70, 80), "灰度共255级"),
        _proof("cut_off", "一边几处笔画出画面视为裁切", 3, "{}处", (2, 3, 5, 8)),
        Setting("province.in_portal", "省厅在本门户审批", True, Basis.ASSUMED, "否则由州学管中心登记省厅批复", YES_NO),
        Setting("admission.max_score", "中考成绩上限", None, Basis.ASSUMED, "未设置时不核对上限"),
        Setting(
            "sign_in.initial_days",
            "一次性密码的有效天数",
            7,
            Basis.ASSUMED,
            "通知未规定；过期后由账号管理员重新发放",
            tuple((n, f"{n}天") for n in (1, 3, 7, 14, 30)),
        ),
        Setting(
            "sign_in.second_factor",
            "必须使用动态验证码的级别",
            "county",
            Basis.ASSUMED,
            f"{OFFICE}县级及以上为假定；演示账号不受此限",
            (("none", "不要求"), ("prefecture", "州级及以上"), ("county", "县级及以上"), ("all", "全部账号")),
        ),
        Setting(
            "session.idle",
            "无操作自动退出的时间",
            30,
            Basis.ASSUMED,
            f"{OFFICE}时间为假定；改动从下次登录起生效",
            _minutes(10, 15, 30, 60),
        ),
        Setting(
            "session.longest",
            "一次登录最长使用时间",
            10,
            Basis.ASSUMED,
            "一个工作日，为假定；改动从下次登录起生效",
            tuple((n, f"{n}小时") for n in (4, 8, 10, 12)),
        ),
        Setting(
            "session.single",
            "同一账号只能在一处登录",
            False,
            Basis.ASSUMED,
            f"{OFFICE}默认不限制；改动从下次登录起生效",
            YES_NO,
        ),
        Setting(
            "session.confirmed",
            "办结、导出前免再输密码的时间",
            15,
            Basis.ASSUMED,
            "登录或输入密码后在此时间内不再询问，为假定；改动从下次登录起生效",
            _minutes(5, 15, 30),
        ),
        Setting(
            "export.release_above",
            "花名册导出：超过多少人须由第二人批准",
            500,
            Basis.ASSUMED,
            "通知未规定；个人信息导出留痕、超过的由本单位或上级另一人批准，为假定",
            ((0, "一律须批准"), *((n, f"{n}人") for n in (100, 200, 500, 1000, 5000))),
        ),
        _workdays("compare.days", "比对差异的处理期限（工作日）", 10, (5, 10, 15, 20, 30),
                  "通知三（一）2只写“将比对结果反馈给各县市”，没有规定处理期限；自比对完成次日起算"),  # fmt: skip
        _workdays("verify.days", "信息核查：学校完成期限（工作日）", 10, (5, 10, 15, 20),
                  "通知三（一）1、3只写“每学期初和学期末”“必须立即着手开展”，没有规定多少日内完成；自发起次日起算"),  # fmt: skip
        _workdays("verify.sample_days", "信息核查：其后县市抽查期限（工作日）", 5, (3, 5, 10),
                  "通知三（一）1只写县市学籍管理部门也要核查，没有规定方式和期限；抽查为假定"),  # fmt: skip
        Setting(
            "verify.sample",
            "信息核查：每个主管部门抽查人数",
            30,
            Basis.ASSUMED,
            "通知未规定；由系统随机抽取，种子留存，可重新得出同一名单",
            tuple((n, f"{n}人") for n in (10, 30, 50, 100)),
        ),
        _workdays("verify.settle_days", "信息核查：差异的处理期限（工作日）", 10, (5, 10, 15, 20, 30),
                  "通知三（一）1只写“及时更新和完善”，没有规定期限；自登记次日起算"),  # fmt: skip
        Setting(
            "inspect.classes",
            "专项督查：每校抽查班级数",
            2,
            Basis.ASSUMED,
            "通知一（二）只写“定期抽调人员组成检查组”，没有规定抽查多少；制定督查时可以另填",
            tuple((n, f"{n}个班") for n in (1, 2, 3, 4, 6, 10)),
        ),
        Setting(
            "inspect.students",
            "专项督查：每班抽查学生数",
            10,
            Basis.ASSUMED,
            "通知一（二）没有规定抽查多少；制定督查时可以另填",
            tuple((n, f"{n}人") for n in (5, 10, 15, 20, 60)),
        ),
        _workdays("inspect.days", "专项督查：问题的整改期限（工作日）", 15, (5, 10, 15, 20, 30),
                  "通知一（二）只写“对问题整改不到位的予以通报”，没有规定整改期限；自提出问题次日起算，提出时可以另填"),  # fmt: skip
        Setting(
            "api.per_minute",
            "数据接口：每个令牌每分钟次数",
            120,
            Basis.ASSUMED,
            "通知未规定；防止一次取走全部数据",
            tuple((n, f"{n}次") for n in (30, 60, 120, 300)),
        ),
        Setting(
            "check.per_minute",
            "文件查验：同一来源地址每分钟次数",
            30,
            Basis.ASSUMED,
            "通知未规定；防止逐个试查验码，超过的一分钟内不予查验",
        ),
        Setting("number.region", "学号第3、4位", "13", Basis.INFERRED, "附件2示例2213XXXXXXXX，13推知为临夏州"),
        Setting("drafts.days", "表单草稿保留天数", 30, Basis.ASSUMED, "通知未规定；未提交的内容只有本人可见，过期清除"),
        Setting(
            "accounts.listed_after",
            "多少日未登录列入清单",
            30,
            Basis.ASSUMED,
            "通知一（一）“必须定期登录”未写明多久一次；按日历日计算",
        ),
        Setting("accounts.sealed_after", "多少日未登录可以封存", 90, Basis.ASSUMED, "通知未规定；封存后可以启封"),
        Setting(
            "accounts.sealed_by",
            "到期账号由谁封存",
            "person",
            Basis.ASSUMED,
            "默认只列出，由账号管理员封存；不因时间经过自动封存",
            (("person", "账号管理员"), ("job", "到期自动封存")),
        ),
    )
}
