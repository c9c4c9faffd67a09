//! `GetSessionToken`: <https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html>

use alcazar_api_sts::operation as api;
use alcazar_engine::credentials::Owner;
use alcazar_engine::{
    Access, Allowed, CallInfo, Cx, Input, Operation, Output, Reads, Result, Session, SessionKind,
};

use crate::duration::{self, Span};
use crate::mfa::Mfa;
use crate::{caller, credentials};

/// Begins a session of the user or root user who calls. No permission is needed, and none can take it away.
pub struct GetSessionToken;

/// Who calls, and the MFA device's code that it brought.
pub struct Target {
    owner: Owner,
    mfa: Option<Mfa>,
}

impl Operation for GetSessionToken {
    type Api = api::GetSessionToken;
    type Target = Target;
    const READ_ONLY: bool = true;
    const RECORDS_ANSWER: bool = true;

    async fn resolve(reads: &mut Reads<'_>, input: &Input<Self>) -> Result<Target> {
        let owner = caller::owner(&reads.call().caller, "GetSessionToken")?;
        let (serial_number, code) = (input.serial_number.as_deref(), input.token_code.as_deref());
        Ok(Target { owner, mfa: Mfa::verify(reads, serial_number, code).await? })
    }

    fn access(_: &CallInfo, _: &Input<Self>, _: &Target) -> Access {
        Access::open()
    }

    async fn run(cx: &mut Cx<'_>, input: &Input<Self>, target: Allowed<Target>) -> Result<Output<Self>> {
        let Target { owner, mfa } = target.into_inner();
        let Span { issued, expires } = Span::of(cx.now(), duration::of_owner(input.duration_seconds, &owner));
        let kind = SessionKind::Own { owner };
        let mfa_authenticated = mfa.as_ref().map(|mfa| mfa.authenticated);
        let session = Session { mfa_authenticated, ..Session::new(kind, cx.account(), issued, expires) };
        let issued = cx.issue(session)?;
        if let Some(mfa) = mfa {
            mfa.spend(cx)?;
        }
        let credentials = credentials::shown(issued);
        credentials::note(cx, &credentials);
        Ok(api::GetSessionTokenResponse {
            credentials: Some(credentials),
            ..api::GetSessionTokenResponse::default()
        })
    }
}
