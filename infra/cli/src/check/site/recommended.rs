//! Recommended permissions. Casement works without them.

use super::{Desk, PERMISSIONS};
use crate::check::Verdict;

/// The key of a permission, its name in Jira, and the effect of lacking it.
pub(in crate::check) const RECOMMENDATIONS: [(&str, &str, &str); 2] = [
    (
        "EDIT_ALL_COMMENTS",
        "Edit all comments",
        "agents' comments do not keep how far a reply has come",
    ),
    (
        "LINK_ISSUES",
        "Link issues",
        "a request that follows another one is not linked to it",
    ),
];

pub(in crate::check) fn judge_recommended(desks: &[Desk]) -> Verdict {
    for desk in desks {
        let (Ok(project), Ok(permissions)) = (&desk.project, &desk.permissions) else {
            return Verdict::waits_for(PERMISSIONS);
        };
        let lacking: Vec<_> = RECOMMENDATIONS
            .iter()
            .filter(|(key, ..)| permissions[*key]["havePermission"] != true)
            .collect();
        if lacking.is_empty() {
            continue;
        }
        let missing: Vec<_> = lacking
            .iter()
            .map(|(_, name, without)| format!("without {name} {without}"))
            .collect();
        let names: Vec<_> = lacking.iter().map(|(_, name, _)| *name).collect();
        return Verdict::hint(
            format!("{project}: {}", missing.join("; ")),
            format!(
                "grant {} to the role Service Desk Team, or to the account alone (Project settings > \
                 Permissions), if you want that",
                names.join(" and ")
            ),
        );
    }
    Verdict::ok("may also edit all comments and link issues")
}
