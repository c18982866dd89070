//! Whose the credentials are.

use super::unanswered;
use crate::check::Verdict;

/// Who makes the calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Caller {
    /// `aws`, `aws-cn` or `aws-us-gov`.
    pub partition: String,
    pub account: String,
    pub arn: String,
    pub kind: Kind,
}

/// The kind of an identity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// The account's root user, who may do everything.
    Root,
    /// A user of IAM.
    User,
    /// A session of the role with this name.
    Role(String),
    /// A federated user: IAM has no policies for it.
    Federated,
}

impl Caller {
    /// Reads what `GetCallerIdentity` answers (IAM user guide, "IAM identifiers").
    pub(super) fn of_arn(arn: &str) -> Option<Self> {
        let mut parts = arn.splitn(6, ':').skip(1);
        let partition = parts.next()?.to_owned();
        let account = parts.nth(2)?.to_owned();
        let resource = parts.next()?;
        let (kind, rest) = resource.split_once('/').unwrap_or((resource, ""));
        let kind = match kind {
            "root" => Kind::Root,
            "user" => Kind::User,
            "assumed-role" => {
                let (name, _session) = rest.split_once('/')?;
                Kind::Role(name.to_owned())
            }
            _ => Kind::Federated,
        };
        Some(Self {
            partition,
            account,
            arn: arn.to_owned(),
            kind,
        })
    }

    /// Returns the ARN of the role with this name, as if it had no path.
    pub(super) fn plain_role(&self, name: &str) -> String {
        format!("arn:{}:iam::{}:role/{name}", self.partition, self.account)
    }
}

pub(super) fn judge(caller: &Result<Caller, String>) -> Verdict {
    let caller = match caller {
        Ok(caller) => caller,
        Err(code) if is_clock(code) => {
            return Verdict::wrong(
                format!("AWS refuses them: {code}"),
                "set this machine's clock (NTP); if it is right, the secret access key is wrong: \
                 export it anew, or give --profile",
            );
        }
        Err(code) => return unanswered("sts:GetCallerIdentity", code),
    };
    let account = &caller.account;
    match &caller.kind {
        Kind::Root => Verdict::hint(
            format!("account {account}, as its root user"),
            "use a role of IAM Identity Center or a user of IAM: root cannot be limited",
        ),
        Kind::User => Verdict::ok(format!("account {account}, as a user of IAM")),
        Kind::Role(_) => Verdict::ok(format!("account {account}, with a role")),
        Kind::Federated => Verdict::ok(format!("account {account}, as a federated user")),
    }
}

/// AWS's words for a signature that does not hold.
fn is_clock(code: &str) -> bool {
    matches!(
        code,
        "SignatureDoesNotMatch" | "RequestExpired" | "InvalidSignatureException"
    )
}
