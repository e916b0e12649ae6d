"""What is wrong with data and figures: flags on rows, and the protocol check."""

from fer_core.audit.audit_flags import find_audit_flags
from fer_core.audit.control import start_audit, stop_audit
from fer_core.audit.finding import Finding
from fer_core.audit.predictions import Predictions, read_predictions
from fer_core.audit.protocol import check_model, check_predictions
from fer_core.audit.quality import Flag, count_agreement, find_flags
from fer_core.audit.report import Audit, judge_errors, judge_no_face, read_audit
from fer_core.audit.store import AuditState, read_state

__all__ = [
    "Audit",
    "AuditState",
    "Finding",
    "Flag",
    "Predictions",
    "check_model",
    "check_predictions",
    "count_agreement",
    "find_audit_flags",
    "find_flags",
    "judge_errors",
    "judge_no_face",
    "read_audit",
    "read_predictions",
    "read_state",
    "start_audit",
    "stop_audit",
]
