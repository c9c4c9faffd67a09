//! Fills a server before it is measured: makes keys and what later requests need of them, and records one answer of
//! each operation for the bare server to repeat.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::runtime;

use crate::batch::Calls;
use crate::error::BenchError;
use crate::fixture::{Fixture, answer_path};
use crate::operation::{Operation, fixture_encrypt_body, grant_body, new_key_body, sign_body};
use crate::{clock, parameter, report};

/// Ciphertexts that Decrypt cycles through.
const CIPHERTEXTS: usize = 4096;
/// Signatures or MACs that are verified in turn. Few, because some take milliseconds to make.
const SIGNATURES: usize = 256;

/// What to make: symmetric keys, unless it is said otherwise.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    #[command(flatten)]
    calls: Calls,
    /// The directory to write keys, ciphertexts and answers to.
    #[arg(long)]
    fixture: PathBuf,
    /// Keys to make.
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    keys: u32,
    /// Make keys of this spec, which sign or make MACs by `--algorithm`.
    #[arg(long, requires = "algorithm")]
    spec: Option<String>,
    /// The algorithm, by AWS's name.
    #[arg(long, requires = "spec")]
    algorithm: Option<String>,
    /// Make one key whose policy does not allow Decrypt, and as many grants on it, each for another encryption context.
    #[arg(long, conflicts_with_all = ["keys", "spec"], value_parser = clap::value_parser!(u32).range(0..=1_000_000))]
    grants: Option<u32>,
    /// Make parameters instead of keys, in as many paths as `--paths` says.
    #[arg(long, conflicts_with_all = ["keys", "spec", "grants"],
        value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    parameters: Option<u32>,
    /// The paths of the parameters.
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    paths: u32,
}

/// Makes what was asked for, writes the fixture, and reports.
pub(crate) fn run(options: &Options) -> Result<Value, BenchError> {
    fs::create_dir_all(&options.fixture).map_err(BenchError::file(&options.fixture))?;
    let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(prepare(options))
}

async fn prepare(options: &Options) -> Result<Value, BenchError> {
    let mut fixture = Fixture { algorithm: options.algorithm.clone(), ..Fixture::default() };
    if let Some(parameters) = options.parameters {
        return prepare_parameters(options, parameters).await;
    }
    let (operations, made, elapsed) = match (options.grants, &options.spec) {
        (Some(grants), _) => {
            let elapsed = make_grants(options, &mut fixture, count(grants)).await?;
            (&[][..], grants, elapsed)
        }
        (None, Some(spec)) => {
            let elapsed = make_keys(options, &mut fixture, Some(spec)).await?;
            make_signatures(options, &mut fixture).await?;
            (Operation::with_algorithm(fixture.makes_macs()), options.keys, elapsed)
        }
        (None, None) => {
            let elapsed = make_keys(options, &mut fixture, None).await?;
            make_ciphertexts(options, &mut fixture, CIPHERTEXTS).await?;
            (&Operation::SYMMETRIC[..], options.keys, elapsed)
        }
    };
    fixture.write(&options.fixture)?;
    for &operation in operations {
        let answer = options.calls.call_one(operation, &operation.body(&fixture, 0)?).await?;
        let path = answer_path(&options.fixture, operation);
        fs::write(&path, answer.whole).map_err(BenchError::file(&path))?;
    }
    Ok(json!({
        "made": made,
        "seconds": elapsed.as_secs_f64(),
        "made_per_second": report::rate(u64::from(made), elapsed),
    }))
}

/// Makes parameters, and records the answers that the bare server repeats.
async fn prepare_parameters(options: &Options, parameters: u32) -> Result<Value, BenchError> {
    let fixture = Fixture { parameters: (count(parameters), count(options.paths)), ..Fixture::default() };
    let started = clock::now();
    let body = |index| Ok(parameter::new_body(&fixture, index));
    options.calls.call_each(Operation::PutParameter, count(parameters), body, |_| Ok(())).await?;
    let elapsed = clock::now() - started;
    let secure = |index| Ok(parameter::new_secure_body(index));
    options.calls.call_each(Operation::PutParameter, parameter::SECURE, secure, |_| Ok(())).await?;
    fixture.write(&options.fixture)?;
    for operation in [Operation::GetParameter, Operation::GetSecureParameter] {
        let answer = options.calls.call_one(operation, &operation.body(&fixture, 0)?).await?;
        let path = options.fixture.join(format!("{}.http", parameter::answer_name(operation)));
        fs::write(&path, answer.whole).map_err(BenchError::file(&path))?;
    }
    Ok(json!({
        "made": parameters,
        "seconds": elapsed.as_secs_f64(),
        "made_per_second": report::rate(u64::from(parameters), elapsed),
    }))
}

/// Makes the keys, and says how long that took.
async fn make_keys(
    options: &Options,
    fixture: &mut Fixture,
    spec: Option<&str>,
) -> Result<Duration, BenchError> {
    let started = clock::now();
    let keys = &mut fixture.keys;
    let body = |index| Ok(new_key_body(index, spec));
    let keep = |answer: &[u8]| {
        keys.push(member(answer, "/KeyMetadata/Arn")?);
        Ok(())
    };
    options.calls.call_each(Operation::CreateKey, count(options.keys), body, keep).await?;
    Ok(clock::now() - started)
}

/// Makes ciphertexts whose keys are spread over all that there are.
async fn make_ciphertexts(options: &Options, fixture: &mut Fixture, wanted: usize) -> Result<(), BenchError> {
    let (keys, mut ciphertexts) = (fixture.keys.len(), Vec::new());
    let body = |index: usize| {
        let key = index * keys / wanted;
        Ok(fixture_encrypt_body(fixture.key(key)?, index))
    };
    let keep = |answer: &[u8]| {
        ciphertexts.push(member(answer, "/CiphertextBlob")?);
        Ok(())
    };
    options.calls.call_each(Operation::Encrypt, wanted, body, keep).await?;
    fixture.ciphertexts = ciphertexts;
    Ok(())
}

async fn make_signatures(options: &Options, fixture: &mut Fixture) -> Result<(), BenchError> {
    let (operation, made) =
        if fixture.makes_macs() { (Operation::GenerateMac, "/Mac") } else { (Operation::Sign, "/Signature") };
    let mut signatures = Vec::new();
    let keep = |answer: &[u8]| {
        signatures.push(member(answer, made)?);
        Ok(())
    };
    let body = |index| sign_body(fixture, index);
    options.calls.call_each(operation, SIGNATURES, body, keep).await?;
    fixture.signatures = signatures;
    Ok(())
}

/// Makes a key that is decrypted with by grants alone, the grants, ciphertexts that they allow to decrypt, and the
/// markers of all pages of their list. Says how long the grants took.
async fn make_grants(
    options: &Options,
    fixture: &mut Fixture,
    grants: usize,
) -> Result<Duration, BenchError> {
    let calls = &options.calls;
    // The first key is made for its ARN alone: a policy names the account, which only an ARN tells.
    let known = calls.call_one(Operation::CreateKey, &new_key_body(0, None)).await?;
    let account = member(&known.body, "/KeyMetadata/AWSAccountId")?;
    let body = json!({ "Description": "used by grants alone", "Policy": policy_without_decrypt(&account) });
    let key = calls.call_one(Operation::CreateKey, &body).await?;
    fixture.keys.push(member(&key.body, "/KeyMetadata/Arn")?);

    let started = clock::now();
    calls.call_each(Operation::CreateGrant, grants, |index| grant_body(fixture, index), |_| Ok(())).await?;
    let elapsed = clock::now() - started;

    make_ciphertexts(options, fixture, grants.min(CIPHERTEXTS)).await?;
    loop {
        // The request behind the last known marker asks for the page that follows.
        let body = Operation::ListGrants.body(fixture, fixture.markers.len())?;
        if grants == 0 {
            return Ok(elapsed);
        }
        let page = calls.call_one(Operation::ListGrants, &body).await?;
        match serde_json::from_slice::<Value>(&page.body)?.get("NextMarker").and_then(Value::as_str) {
            Some(marker) => fixture.markers.push(marker.to_owned()),
            None => return Ok(elapsed),
        }
    }
}

/// A key policy that lets the account do all that is measured but Decrypt.
fn policy_without_decrypt(account: &str) -> String {
    json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Effect": "Allow",
            "Principal": { "AWS": format!("arn:aws:iam::{account}:root") },
            "Action": ["kms:DescribeKey", "kms:Encrypt", "kms:*Grant*", "kms:PutKeyPolicy"],
            "Resource": "*",
        }],
    })
    .to_string()
}

fn count(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

fn member(body: &[u8], path: &'static str) -> Result<String, BenchError> {
    let value: Value = serde_json::from_slice(body)?;
    value.pointer(path).and_then(Value::as_str).map(str::to_owned).ok_or_else(|| BenchError::MissingMember {
        member: path,
        body: String::from_utf8_lossy(body).into_owned(),
    })
}
