//! What is granted beside the policies: it adds to them, and never outweighs a deny.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use alcazar_engine::{
    Access, Allowed, CallInfo, Check, Cx, Granted, Input, Operation, Output, Reads, Result, Rule,
};
use alcazar_policy::{CompiledPolicy, PolicyDocument, PolicyKind};
use alcazar_shape::{ApiOperation, OperationModel};

use crate::ledger::{ACCOUNT, LEDGER, REQUEST, RESPONSE, Request, Response, cloud, with};

const OTHER_ACCOUNT: &str = "444455556666";

/// An operation on a resource of [`ACCOUNT`] whose policy says to everyone what `other` says, and where `name` is
/// granted.
pub(crate) struct Guarded;

/// How often grants were asked for.
static ASKED: AtomicUsize = AtomicUsize::new(0);

impl ApiOperation for Guarded {
    type Input = Request;
    type Output = Response;
    const MODEL: &'static OperationModel = &OperationModel {
        name: "Guarded",
        service: &LEDGER,
        input: &REQUEST,
        output: &RESPONSE,
        result_wrapper: "",
        errors: &[],
    };
}

impl Operation for Guarded {
    type Api = Self;
    type Target = ();
    const READ_ONLY: bool = true;

    async fn resolve(_: &mut Reads<'_>, _: &Input<Self>) -> Result<()> {
        Ok(())
    }

    fn access(_: &CallInfo, input: &Input<Self>, (): &()) -> Access {
        let (effect, action) = match input.other.as_deref().unwrap() {
            "allow" => ("Allow", "Guarded"),
            "deny" => ("Deny", "Guarded"),
            _ => ("Allow", "Other"),
        };
        let policy = format!(
            r#"{{"Version":"2012-10-17","Statement":{{"Effect":"{effect}","Principal":{{"AWS":"*"}},
               "Action":"ledger:{action}","Resource":"*"}}}}"#
        );
        let policy = PolicyDocument::parse(&policy, PolicyKind::Resource).unwrap();
        Access::one(Check {
            rule: Rule::RulingPolicy(Arc::new(CompiledPolicy::compile(&policy))),
            ..Check::new(
                "ledger:Guarded",
                format!("arn:aws:ledger:us-east-1:{ACCOUNT}:guarded"),
                "AWS::Ledger::Guarded",
                ACCOUNT.parse().unwrap(),
            )
        })
    }

    async fn granted(_: &mut Reads<'_>, input: &Input<Self>, (): &(), check: &Check) -> Result<Granted> {
        ASKED.fetch_add(1, Ordering::SeqCst);
        assert_eq!(check.owner.to_string(), ACCOUNT);
        Ok(match input.name.as_str() {
            "to caller" => Granted::ToCaller,
            "to account" => Granted::ToAccount,
            _ => Granted::Nothing,
        })
    }

    async fn run(_: &mut Cx<'_>, _: &Input<Self>, _: Allowed<()>) -> Result<Output<Self>> {
        Ok(Response::default())
    }
}

#[tokio::test]
async fn a_grant_adds_to_the_policies_and_never_outweighs_a_deny() {
    let (cloud, root) = cloud(90);
    let user = cloud.user(ACCOUNT, "alice").await;
    let (foreign_root, foreign_user) = (cloud.root(OTHER_ACCOUNT), cloud.user(OTHER_ACCOUNT, "bob").await);
    let of_resource = "because no resource-based policy allows the ledger:Guarded action";
    let of_identity = "because no identity-based policy allows the ledger:Guarded action";
    let explicit = "with an explicit deny in a resource-based policy";
    // Who calls, what the policy says, what is granted, how often that was asked for, and how it ends.
    for (caller, policy, granted, asked, denied) in [
        (&user, "allow", "nothing", 0, None),
        (&user, "nothing", "nothing", 1, Some(of_resource)),
        (&user, "nothing", "to caller", 1, None),
        (&user, "nothing", "to account", 1, Some(of_resource)),
        (&root, "nothing", "to account", 1, None),
        (&user, "deny", "to caller", 0, Some(explicit)),
        (&root, "deny", "to account", 0, Some(explicit)),
        // From another account the caller's own policies have to agree with the resource's, but not with a grant.
        (&foreign_user, "allow", "nothing", 1, Some(of_identity)),
        (&foreign_user, "allow", "to caller", 1, None),
        (&foreign_user, "nothing", "to caller", 1, None),
        (&foreign_user, "nothing", "to account", 1, Some(of_resource)),
        (&foreign_root, "nothing", "to account", 1, None),
        (&foreign_root, "nothing", "nothing", 1, Some(of_resource)),
        (&foreign_root, "deny", "to caller", 0, Some(explicit)),
    ] {
        let before = ASKED.load(Ordering::SeqCst);
        let answer = cloud.call::<Guarded>(caller, with(granted, policy)).await;
        let case = format!("{} {policy} {granted}", caller.arn());
        assert_eq!(ASKED.load(Ordering::SeqCst) - before, asked, "{case}");
        let message = answer.err().map(|error| {
            assert_eq!(error.model().name, "AccessDeniedException", "{case}");
            error.message().unwrap().to_owned()
        });
        let expected = denied.map(|reason| {
            format!(
                "User: {} is not authorized to perform: ledger:Guarded on resource: \
                 arn:aws:ledger:us-east-1:{ACCOUNT}:guarded {reason}",
                caller.arn()
            )
        });
        assert_eq!(message, expected, "{case}");
    }
}
