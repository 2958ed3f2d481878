"""Closed lists of the register."""

from django.db.models import TextChoices

from linxia_xueji.enums import Stage


class Arrival(TextChoices):
    """What became of an admitted student on the day of reporting (notice 二)."""

    UNMARKED = "unmarked", "未登记"
    REPORTED = "reported", "已报到"
    DEFERRED = "deferred", "延期注册"
    FORCE_MAJEURE = "force_majeure", "不可抗力"
    NO_SHOW = "no_show", "未报到"


class DeferralKind(TextChoices):
    """延期注册手续 and 不可抗力等正当事由 (notice 二)."""

    DEFERRAL = "deferral", "延期注册"
    FORCE_MAJEURE = "force_majeure", "不可抗力等正当事由"


class EntryArrival(TextChoices):
    """Whether a child of grade 1 or 7 has come (notice 二); 延缓入学 is of compulsory schooling, 延期注册 of senior high."""

    UNMARKED = "unmarked", "未登记"
    REPORTED = "reported", "已报到"
    NO_SHOW = "no_show", "未报到"
    DEFERRED = "deferred", "延缓入学"


class UrgingManner(TextChoices):
    """How the school urged."""

    PHONE = "phone", "电话"
    VISIT = "visit", "入户走访"
    WRITTEN = "written", "书面通知"
    MESSAGE = "message", "短信或微信"
    OTHER = "other", "其他"


class OutcomeKind(TextChoices):
    """What came of the urging."""

    CAME = "came", "入学"
    ELSEWHERE = "moved", "转往他处"
    OTHER = "other", "其他"


class OrderKind(TextChoices):
    """Files that may take longer than a page."""

    ANNEX1 = "annex1", "附件1"
    ANNEX2 = "annex2", "附件2"
    BUNDLE = "bundle", "上报材料包"
    MARKED = "marked", "录取名单-标注"
    REST = "rest", "录取名单-错误行"
    NATIONAL = "national", "国网71列名册"
    ROLL = "roll", "花名册"


class ExportPurpose(TextChoices):
    """What a roster is for: the uses the notice names (一), or others that are written out."""

    FUNDING = "funding", "教育经费发放"
    AID = "aid", "贫困生资助"
    MEALS = "meals", "营养餐发放"
    EVALUATION = "evaluation", "综合素质评价"
    CHECK = "check", "与全国学籍系统核对"
    OTHER = "other", "其他"


class ApiPurpose(TextChoices):
    """What a system may read the register for: the uses the notice names (一)."""

    FUNDING = ExportPurpose.FUNDING.value, ExportPurpose.FUNDING.label
    AID = ExportPurpose.AID.value, ExportPurpose.AID.label
    MEALS = ExportPurpose.MEALS.value, ExportPurpose.MEALS.label
    EVALUATION = ExportPurpose.EVALUATION.value, ExportPurpose.EVALUATION.label


class ExportState(TextChoices):
    """Where the taking out of a roster stands."""

    WAITING = "waiting", "待批准"
    OPEN = "open", "可取出"
    REFUSED = "refused", "不予导出"
    TAKEN = "taken", "已取出"


class OrderState(TextChoices):
    """Where a file asked for stands."""

    WAITING = "waiting", "等待制作"
    MAKING = "making", "正在制作"
    DONE = "done", "已完成"
    FAILED = "failed", "未能制作"


class Bucket(TextChoices):
    """A student has at most one active enrolment in each of these."""

    PRIMARY = "primary", "小学"
    JUNIOR = "junior", "初中"
    BEYOND = "beyond", "高中阶段"


BUCKET_OF = {
    Stage.PRIMARY: Bucket.PRIMARY, Stage.JUNIOR: Bucket.JUNIOR, Stage.SENIOR: Bucket.BEYOND, Stage.VOCATIONAL: Bucket.BEYOND,
}  # fmt: skip


class EnrolmentState(TextChoices):
    """学籍状态."""

    ENROLLED = "enrolled", "在读"
    SUSPENDED = "suspended", "休学"
    PENDING = "pending", "待转入"


class Ending(TextChoices):
    """How an enrolment ended."""

    GRADUATED = "graduated", "毕业"
    TRANSFERRED = "transferred", "转出"
    WITHDRAWN = "withdrawn", "退学"
    EXPELLED = "expelled", "除名"
    DIED = "died", "死亡"
    VOIDED = "voided", "注册作废"
    COMPLETED = "completed", "结业"
    HANDED_ON = "handed_on", "升入接收校"
    DELETED = "deleted", "问题学籍删除"


class ArchivePart(TextChoices):
    """The parts of a student's archive, in the order of the national rule (domain of the register; wording inferred)."""

    BASICS = "basics", "学籍基础信息及信息变动情况"
    PROOFS = "proofs", "学籍信息证明材料"
    DEVELOPMENT = "development", "综合素质发展报告"
    FITNESS = "fitness", "体质健康测试及健康体检信息"
    AWARDS = "awards", "在校期间获奖信息"
    AID = "aid", "享受资助信息"
    OTHER = "other", "省级规定的其他信息和材料"


class Boarding(TextChoices):
    """就读方式, in the words of the national export; the codes are ours (assumed)."""

    DAY = "1", "走读"
    BOARDER = "2", "住校"
    LODGED = "3", "借宿"
    OTHER = "9", "其他"


class LeftBehind(TextChoices):
    """是否留守儿童, in the words of the national export; the codes are ours (assumed)."""

    NO = "0", "非留守儿童"
    ONE_PARENT = "1", "单亲留守儿童"
    BOTH_PARENTS = "2", "双亲留守儿童"


class IdType(TextChoices):
    """身份证件类型; a student without an ID number may have none."""

    RESIDENT = "1", "居民身份证"
    OTHER = "A", "其他"
    NONE = "0", "无"


class UploadState(TextChoices):
    """Where an admission list stands between upload and import."""

    WAITING = "waiting", "等待预检"
    CHECKING = "checking", "正在预检"
    CHECKED = "checked", "预检完成"
    FAILED = "failed", "无法读取"
    IMPORTING = "importing", "正在导入"
    IMPORTED = "imported", "已导入"


class Change(TextChoices):
    """What a row of a list does to what is known."""

    ADD = "add", "新增"
    CHANGE = "change", "变更"
    SAME = "same", "无变化"
    BLOCKED = "blocked", "不能变更"


LISTED_FIELDS = {
    "name": "姓名", "sex": "性别", "ethnicity": "民族", "birth_date": "出生日期", "id_number": "身份证号", "score": "中考成绩",
}  # fmt: skip
"""Fields in which a reporting student may differ from the admission list, in the order of 附件2."""


class TurnState(TextChoices):
    """Where the turn of a school year stands."""

    PREVIEW = "preview", "预览"
    RUNNING = "running", "正在处理"
    DONE = "done", "待确认"
    UNDOING = "undoing", "正在撤销"
    CONFIRMED = "confirmed", "已确认"


class Fate(TextChoices):
    """What the turn of a school year does with an enrolment, or why it leaves it alone."""

    UP = "up", "升级"
    GRADUATED = "graduated", "毕业"
    COMPLETED = "completed", "结业"
    HANDED_ON = "handed_on", "升入接收校"
    BLOCKED = "blocked", "有在办业务"
    PENDING = "pending", "待转入"
    RECENT = "recent", "年级待核对"
    ODD = "odd", "年级与学段不符"
    SUSPENDED = "suspended", "休学，保留年级"
    CURRENT = "current", "已是本学年年级"
    ENTERED = "entered", "本学年新生"


class ItemOutcome(TextChoices):
    """How somebody left out by the turn was seen to."""

    FOLLOWED = "followed", "已续办"
    KEPT = "kept", "核对后保持原年级"
    SUSPENDED = "suspended", "已休学，保留年级"
    CURRENT = "current", "业务中已定年级"
    GONE = "gone", "学籍已终止"


class ProblemKind(TextChoices):
    """What makes a record a 问题学籍 (the kinds are assumed from the national system)."""

    SAME_NUMBER = "same_number", "证件号相同"
    BAD_NUMBER = "bad_number", "身份证号无效"
    CONTRADICTION = "contradiction", "号码与信息不符"
    NAMESAKE = "namesake", "疑似重复"
    TWO_STAGES = "two_stages", "两个学段同时在籍"


class ProblemEnd(TextChoices):
    """How a problem was settled."""

    GONE = "gone", "信息已改正，不再符合"
    EVIDENCE = "evidence", "已佐证"
    NOT_SAME = "not_same", "不是同一人"


class ProblemAct(TextChoices):
    """What happened to a problem."""

    FOUND = "found", "发现"
    AGAIN = "again", "信息变动，重新列入"
    GONE = "gone", "信息已改正，自动了结"
    EVIDENCE = "evidence", "佐证办结"
    NOT_SAME = "not_same", "判定不是同一人"
    REOPENED = "reopened", "撤销判定，重新列入"
