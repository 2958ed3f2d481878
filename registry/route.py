"""The route of the enrolment chain: school head → county → prefecture → province (quoted, notice 二 and 附件1)."""

from approvals.kinds import Stop
from linxia_xueji.enums import Level, Permission
from linxia_xueji.models import Organisation

STEPS = {
    Level.SCHOOL: (Permission.DECIDE_AS_SCHOOL, "校长确认", "待校长确认"),
    Level.COUNTY: (Permission.DECIDE_AS_COUNTY, "县级审批", "待县级审批"),
    Level.PREFECTURE: (Permission.DECIDE_AS_PREFECTURE, "州级审核", "待州级审核"),
    Level.PROVINCE: (Permission.DECIDE_AS_PROVINCE, "省厅审批", "已上报省厅"),
}
"""Level → permission, what the step is called, what the desk says while it waits."""


def route_of(school: Organisation) -> list[Stop]:
    """The stops above a school; a school run by the prefecture itself has no county step."""
    stops = []
    for level, (permission, label, waiting) in STEPS.items():
        organisation = school.at(level)
        if organisation is not None:
            stops.append(Stop(level, organisation, permission, label, waiting))
    return stops
