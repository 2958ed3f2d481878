"""操作手册: a page for each role, one's own first. The words stand in templates/help/, the pictures in static/help/."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from linxia_xueji.access import access_of
from linxia_xueji.enums import Role

WORK = {
    Role.REGISTRAR: "登记报到、提交注册批次、修改退回的申请、上传在校生名册",
    Role.HEAD: "逐件确认本校提交的申请，对材料的真实性负责",
    Role.COUNTY_REVIEWER: "审核所辖学校的申请、出具信息更正便函、导入在校生名册",
    Role.COUNTY_HEAD: "审核与督办、下达招生计划、登记学期和本地工作日",
    Role.CENTRE: "州级审核、导入录取名单、载入放假安排、维护政策设置",
    Role.PROVINCE: "审批上报的注册批次，批复即下发学号",
    Role.AUDITOR: "查阅操作留痕和各环节记录，不能改动",
    Role.ACCOUNT_ADMIN: "任命岗位、发放账号、核对长期未用的账号",
}
"""Each role and its work in a line."""


@login_required
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """The list of pages: the person's own role first."""
    own = _own(request)
    roles = sorted(WORK, key=lambda role: role != own)
    return render(request, "help/index.html", {"roles": [_entry(role, own) for role in roles]})


@login_required
@require_GET
def role(request: HttpRequest, role: str) -> HttpResponse:
    """The page of one role; anybody may read any of them."""
    if role not in WORK:
        raise Http404
    return render(request, f"help/{role}.html", {"role": _entry(Role(role), _own(request))})


def _own(request: HttpRequest) -> str | None:
    post = access_of(request.user).post
    return post.role if post else None


def _entry(role: Role, own: str | None) -> dict[str, Any]:
    return {"code": role.value, "label": role.label, "work": WORK[role], "own": role == own}
