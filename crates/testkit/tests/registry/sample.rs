//! A valid input for each operation, as a JSON document with the members' names, in a file for each service.
//!
//! Every sensitive member holds [`CANARY`], so that it is found wherever it leaks to. What a sample names has whatever
//! the service's condition keys tell of it, such as tags.

mod cloudtrail;
mod events;
mod iam;
mod kms;
mod organizations;
mod sns;
mod sqs;
mod ssm;
mod sts;

use alcazar_engine::Signing;
use alcazar_shape::{OperationModel, Protocol};
use alcazar_testkit::{TestCaller, TestCloud};
use serde_json::Value as Json;

/// What stands in sensitive members. Its length is a multiple of three, so that its base64 text is the same
/// wherever it begins at one.
pub(crate) const CANARY: &str = "CANARY";

/// Services whose operations are not built yet, and so have no samples.
const WITHOUT_SAMPLES: &[&str] = &[];

/// Operations that are not built yet, of services that have samples.
const NOT_BUILT: &[(&str, &str)] = &[];

/// What the samples of a service name, and who calls.
pub(crate) struct Things {
    root: TestCaller,
    kms: Option<kms::Things>,
    iam: Option<iam::Things>,
    sts: Option<sts::Things>,
    organizations: Option<organizations::Things>,
    sqs: Option<sqs::Things>,
    events: Option<events::Things>,
    sns: Option<sns::Things>,
    cloudtrail: Option<cloudtrail::Things>,
    ssm: Option<ssm::Things>,
}

impl Things {
    /// New things for the samples of every service, of this root user's account.
    pub(crate) async fn new(cloud: &TestCloud, root: &TestCaller) -> Self {
        let mut things = Self::none(root);
        for service in ["kms", "iam", "sts", "organizations", "events", "sqs", "sns", "cloudtrail", "ssm"] {
            things.add(cloud, service).await;
        }
        things
    }

    /// New things for the samples of one service.
    pub(crate) async fn of(service: &str, cloud: &TestCloud, root: &TestCaller) -> Self {
        let mut things = Self::none(root);
        things.add(cloud, service).await;
        things
    }

    fn none(root: &TestCaller) -> Self {
        Self {
            root: root.clone(),
            kms: None,
            iam: None,
            sts: None,
            organizations: None,
            events: None,
            sns: None,
            sqs: None,
            cloudtrail: None,
            ssm: None,
        }
    }

    async fn add(&mut self, cloud: &TestCloud, service: &str) {
        let root = &self.root;
        match service {
            "kms" => self.kms = Some(kms::Things::new(cloud, root).await),
            "iam" => self.iam = Some(iam::Things::new(cloud, root).await),
            "sts" => self.sts = Some(sts::Things::new(cloud, root).await),
            "organizations" => self.organizations = Some(organizations::Things::new(cloud, root).await),
            "sqs" => self.sqs = Some(sqs::Things::new(cloud, root).await),
            "events" => self.events = Some(events::Things::new(cloud, root).await),
            "sns" => self.sns = Some(sns::Things::new(cloud, root).await),
            "cloudtrail" => self.cloudtrail = Some(cloudtrail::Things::new(cloud, root).await),
            "ssm" => self.ssm = Some(ssm::Things::new(cloud, root).await),
            service => panic!("give {service} its things"),
        }
    }

    /// Who may do an operation on its sample: the root user, where AWS lets one do it.
    pub(crate) fn caller(&self, operation: &OperationModel) -> &TestCaller {
        let special = match operation.service.name {
            "iam" => self.iam.as_ref().unwrap().caller(operation.name),
            "sts" => self.sts.as_ref().unwrap().caller(operation.name),
            "organizations" => self.organizations.as_ref().unwrap().caller(operation.name),
            _ => None,
        };
        special.unwrap_or(&self.root)
    }
}

/// The operations of every service, each with a protocol of its service.
pub(crate) fn operations(cloud: &TestCloud) -> Vec<(&'static OperationModel, Protocol)> {
    let mut operations = Vec::new();
    for operation in models(cloud) {
        operations.extend(operation.service.protocols.iter().map(|protocol| (operation, *protocol)));
    }
    assert!(operations.len() >= 2 * 25, "{}", operations.len());
    operations
}

/// The operations of every service, once each, but for those that may go unsigned: by what is proven there instead is
/// the service's to test.
pub(crate) fn models(cloud: &TestCloud) -> Vec<&'static OperationModel> {
    let services = cloud.cloud().services();
    services
        .filter(|service| !WITHOUT_SAMPLES.contains(&service.model.name))
        .flat_map(|service| {
            service
                .operations
                .iter()
                .filter(|entry| entry.signing == Signing::Required)
                .map(|entry| entry.model)
        })
        .filter(|model| !NOT_BUILT.contains(&(model.service.name, model.name)))
        .collect()
}

/// A valid input.
pub(crate) fn of(operation: &OperationModel, things: &Things) -> Json {
    let name = operation.name;
    match operation.service.name {
        "kms" => kms::sample(name, things.kms.as_ref().unwrap()),
        "iam" => iam::sample(name, things.iam.as_ref().unwrap()),
        "sts" => sts::sample(name, things.sts.as_ref().unwrap()),
        "sns" => sns::sample(name, things.sns.as_ref().unwrap()),
        "organizations" => organizations::sample(name, things.organizations.as_ref().unwrap()),
        "sqs" => sqs::sample(name, things.sqs.as_ref().unwrap()),
        "events" => events::sample(name, things.events.as_ref().unwrap()),
        "cloudtrail" => cloudtrail::sample(name, things.cloudtrail.as_ref().unwrap()),
        "ssm" => ssm::sample(name, things.ssm.as_ref().unwrap()),
        service => panic!("give {service} its samples"),
    }
}

pub(crate) use alcazar_testkit::value;

/// Does an operation that makes things, and gives back its answer as a document.
pub(crate) async fn make(
    cloud: &TestCloud,
    caller: &TestCaller,
    service: &str,
    name: &str,
    input: Json,
) -> Json {
    match cloud.ask(caller, service, name, &input).await {
        Ok(answer) => answer,
        Err(error) => panic!("{name} of {input}: {error:?}"),
    }
}

/// A text that no other thing has.
fn unique(cloud: &TestCloud) -> String {
    cloud.cloud().unique_id().unwrap().replace('-', "")[..12].to_owned()
}
