"""Models of the register."""

from registry.models.admissions import Admission, AdmissionStaged, AdmissionUpload, ListedPerson
from registry.models.api import ApiDay, ApiToken
from registry.models.archive import ArchiveHandover, ArchiveItem
from registry.models.batches import (
    BatchFigures,
    Candidate,
    EnrolmentBatch,
    IssuedNumber,
    NumberVoiding,
    PaperReceipt,
    ProvinceReply,
)
from registry.models.comparing import (
    ColumnMapping,
    Comparison,
    ComparisonFile,
    Difference,
    DifferenceNote,
    Feedback,
    Pair,
)
from registry.models.entry import (
    Entrant,
    EntryBatch,
    EntryDeferral,
    EntryOutcome,
    EntryUpload,
    TownshipLetter,
    Urging,
)
from registry.models.findings import (
    Finding,
    FindingEvent,
    InspectionNotice,
    NoticedFinding,
    NoticedPerson,
)
from registry.models.inspecting import (
    InspectedStudent,
    InspectionMember,
    InspectionPhoto,
    InspectionRound,
    InspectionTick,
    InspectionVisit,
)
from registry.models.offices import OfficeUpload
from registry.models.orders import FileOrder
from registry.models.papers import CorrectionItem, CorrectionLetter, Deferral
from registry.models.printed import Paper, PaperSignature
from registry.models.problems import Problem, ProblemEvent, ProblemParty, ProblemSearch
from registry.models.roster import RosterRecord, RosterStaged, RosterUpload
from registry.models.rosters import ExportRecord
from registry.models.schools import AdmissionPlan, Intake, Programme, Reopening, SchoolProfile
from registry.models.search import NamePiece
from registry.models.students import (
    Circumstances,
    Dated,
    Enrolment,
    EnrolmentGrade,
    EnrolmentStatus,
    KeyFacts,
    Student,
)
from registry.models.uploads import UploadedList
from registry.models.verifying import (
    ClassAttestation,
    Deviation,
    Sample,
    SampledStudent,
    SchoolVerification,
    Verification,
    VerificationReport,
)
from registry.models.year_turn import (
    Handing,
    TurnCompletion,
    TurnItem,
    TurnMove,
    TurnSchool,
    TurnTally,
    YearTurn,
)

__all__ = [
    "Admission",
    "AdmissionPlan",
    "AdmissionStaged",
    "AdmissionUpload",
    "ApiDay",
    "ApiToken",
    "ArchiveHandover",
    "ArchiveItem",
    "BatchFigures",
    "Candidate",
    "Circumstances",
    "ClassAttestation",
    "ColumnMapping",
    "Comparison",
    "ComparisonFile",
    "CorrectionItem",
    "CorrectionLetter",
    "Dated",
    "Deferral",
    "Deviation",
    "Difference",
    "DifferenceNote",
    "Enrolment",
    "EnrolmentBatch",
    "EnrolmentGrade",
    "EnrolmentStatus",
    "Entrant",
    "EntryBatch",
    "EntryDeferral",
    "EntryOutcome",
    "EntryUpload",
    "ExportRecord",
    "Feedback",
    "FileOrder",
    "Finding",
    "FindingEvent",
    "Handing",
    "InspectedStudent",
    "InspectionMember",
    "InspectionNotice",
    "InspectionPhoto",
    "InspectionRound",
    "InspectionTick",
    "InspectionVisit",
    "Intake",
    "IssuedNumber",
    "KeyFacts",
    "ListedPerson",
    "NamePiece",
    "NoticedFinding",
    "NoticedPerson",
    "NumberVoiding",
    "OfficeUpload",
    "Pair",
    "Paper",
    "PaperReceipt",
    "PaperSignature",
    "Problem",
    "ProblemEvent",
    "ProblemParty",
    "ProblemSearch",
    "Programme",
    "ProvinceReply",
    "Reopening",
    "RosterRecord",
    "RosterStaged",
    "RosterUpload",
    "Sample",
    "SampledStudent",
    "SchoolProfile",
    "SchoolVerification",
    "Student",
    "TownshipLetter",
    "TurnCompletion",
    "TurnItem",
    "TurnMove",
    "TurnSchool",
    "TurnTally",
    "UploadedList",
    "Urging",
    "Verification",
    "VerificationReport",
    "YearTurn",
]
