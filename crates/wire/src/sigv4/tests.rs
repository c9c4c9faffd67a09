//! What verifies and what does not, and what a caller is told of it.

use alcazar_base::SecretString;
use alcazar_shape::common_error;

use super::fixture::{Case, NOW, case, cases, document, time};
use super::*;

#[test]
fn the_published_and_the_recorded_requests_verify() {
    let document = document();
    assert!(document.cases.iter().filter(|case| case.source.contains("test suite")).count() >= 30);
    for case in cases() {
        let name = &case.name;
        let headers = case.header_map();
        let parts = case.parts(&headers);
        let claim = parse(&parts).unwrap();
        let payload = Payload::Body(case.body.as_bytes());
        let mut buffer = [0; 64];
        let hash = claim.payload_hash(&headers, payload, &case.endpoint(), &mut buffer).unwrap();
        let canonical_request = claim.canonical_request(&parts, hash).unwrap();
        assert_eq!(String::from_utf8(canonical_request.clone()).unwrap(), case.canonical_request, "{name}");
        let string_to_sign = claim.string_to_sign(&canonical_request).unwrap();
        assert_eq!(String::from_utf8(string_to_sign).unwrap(), case.string_to_sign, "{name}");
        assert_eq!(claim.signature.map(hex::encode), Some(case.signature.clone()), "{name}");
        assert_eq!(case.verify(), Ok(()), "{name}");
        assert_eq!(claim.access_key_id(), document.access_key_id);
        assert_eq!(
            (claim.date(), claim.region(), claim.service()),
            ("20150830", &*case.region, &*case.service)
        );
        assert_eq!(claim.signed_at(), time(NOW));
        assert_eq!(claim.is_presigned(), name.contains("presigned"));
    }
}

#[test]
fn a_body_may_be_given_by_its_hash() {
    let case = case("kms-encrypt");
    let headers = case.header_map();
    let parts = case.parts(&headers);
    let hash = |body: &[u8]| -> [u8; 32] {
        aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, body).as_ref().try_into().unwrap()
    };
    let verify = |body: &[u8]| {
        parse(&parts).unwrap().verify(
            case.key(),
            &parts,
            Payload::Sha256(hash(body)),
            &case.endpoint(),
            time(NOW),
        )
    };
    assert_eq!(verify(case.body.as_bytes()), Ok(()));
    assert_eq!(verify(b"{}"), Err(SignatureError::Mismatch));
}

#[test]
fn the_authority_stands_for_a_host_header_that_is_not_there() {
    let case = case("get-vanilla").without_header("host");
    let headers = case.header_map();
    for (authority, expected) in [
        (Some("example.amazonaws.com"), Ok(())),
        (Some("example.org"), Err(SignatureError::Mismatch)),
        (None, Err(SignatureError::Mismatch)),
    ] {
        let parts = RequestToVerify { authority, ..case.parts(&headers) };
        let verified = parse(&parts).unwrap().verify(
            case.key(),
            &parts,
            Payload::Body(b""),
            &case.endpoint(),
            time(NOW),
        );
        assert_eq!(verified, expected);
    }
}

#[test]
fn any_spacing_and_order_of_the_authorization_header_is_read() {
    let case = case("get-vanilla");
    for (from, to) in [
        (", ", ","),
        (", ", " "),
        (", ", " ,\t "),
        ("256 ", "256   "),
        ("host;x-amz-date", "X-Amz-Date;Host;host"),
    ] {
        assert_eq!(case.clone().replacing_in_header("authorization", from, to).verify(), Ok(()), "{to}");
    }
}

#[test]
fn a_plus_sign_in_the_query_is_a_space_and_not_a_plus_sign() {
    let case = case("encoded-query");
    assert_eq!(case.clone().replacing_in_query("%20", "+").verify(), Ok(()));
    assert_eq!(case.replacing_in_query("%2B", "+").verify(), Err(SignatureError::Mismatch));
}

#[test]
fn a_signature_is_good_for_five_minutes_either_way() {
    let case = case("get-vanilla");
    for good in ["20150830T123100Z", "20150830T124100Z"] {
        assert_eq!(case.verify_at(time(good)), Ok(()), "{good}");
    }
    assert_eq!(
        case.verify_at(time("20150830T124101Z")).unwrap_err().to_string(),
        "Signature expired: 20150830T123600Z is now earlier than 20150830T123601Z (20150830T124101Z - 5 min.)"
    );
    assert_eq!(
        case.verify_at(time("20150830T123059Z")).unwrap_err().to_string(),
        "Signature not yet current: 20150830T123600Z is still later than 20150830T123559Z \
         (20150830T123059Z + 5 min.)"
    );
}

#[test]
fn a_presigned_request_is_good_for_as_long_as_it_says() {
    let case = case("sts-presigned");
    assert_eq!(case.verify_at(time("20150830T124600Z")), Ok(()));
    assert_eq!(
        case.verify_at(time("20150830T124601Z")).unwrap_err().to_string(),
        "Signature expired: 20150830T123600Z is now earlier than 20150830T123601Z (20150830T124601Z - 10 min.)"
    );
    assert!(matches!(case.verify_at(time("20150830T123059Z")), Err(SignatureError::NotYetCurrent { .. })));
    for (expires, message) in [
        ("", "X-Amz-Expires must be a number"),
        ("-1", "X-Amz-Expires must be a number"),
        ("0", "X-Amz-Expires must be at least 1 second"),
        (
            "604801",
            "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be \
             less than 604800 seconds",
        ),
    ] {
        let changed = case.clone().replacing_in_query("Expires=600", &format!("Expires={expires}"));
        assert_eq!(changed.message(), message);
    }
    let too_large = case.clone().replacing_in_query("Expires=600", "Expires=99999999999999999999");
    assert_eq!(too_large.verify(), Err(SignatureError::ExpiresTooLong));
    // Without a validity of its own it is as any other, but then it is another request.
    let without = case.replacing_in_query("&X-Amz-Expires=600", "");
    assert_eq!(without.verify(), Err(SignatureError::Mismatch));
    assert!(matches!(without.verify_at(time("20150830T124101Z")), Err(SignatureError::Expired { .. })));
}

#[test]
fn a_request_without_a_signature_is_told_so() {
    let error = case("get-vanilla").without_header("authorization").verify().unwrap_err();
    assert_eq!(error, SignatureError::Missing);
    assert_eq!(error.to_string(), "Request is missing Authentication Token");
}

#[test]
fn a_request_with_two_signatures_is_refused() {
    let both = case("sts-presigned").with_header("authorization", "AWS4-HMAC-SHA256 a=b");
    assert_eq!(both.verify(), Err(SignatureError::Ambiguous));
    // What only looks like an older kind of signature is a parameter like any other.
    let mut parameter = case("get-vanilla");
    parameter.query = "SignatureMethod=a".into();
    assert_eq!(parameter.verify(), Err(SignatureError::Mismatch));
}

#[test]
fn each_missing_part_of_the_header_is_told_and_the_header_is_not() {
    let case = case("get-vanilla").without_header("x-amz-date");
    let mut token = case.clone();
    *token.header("authorization") = "Basic c2VjcmV0OnNlY3JldA==".into();
    assert_eq!(
        token.message(),
        "Authorization header requires 'Credential' parameter. Authorization header requires 'Signature' \
         parameter. Authorization header requires 'SignedHeaders' parameter. Authorization header requires \
         existence of either a 'X-Amz-Date' or a 'Date' header. (Hashed with SHA-256 and encoded with Base64) \
         Authorization=0s17d18s12yQWo84gohSVBYfmZjTzdDojp+JNNJ9PXs="
    );
    assert!(case.message().starts_with("Authorization header requires existence of either"));
    let unsigned = case.replacing_in_header("authorization", "Signature=", "Signatur=");
    assert!(unsigned.message().starts_with("Authorization header requires 'Signature' parameter. Author"));
    *token.header("authorization") = "Bearer secret".into();
    let message = token.message();
    assert!(message.starts_with("Invalid key=value pair (missing equal-sign) in Authorization header"));
    assert!(!message.contains("secret"));
}

#[test]
fn each_missing_parameter_of_the_query_is_told() {
    let case = case("sts-presigned");
    assert_eq!(
        case.clone()
            .replacing_in_query("X-Amz-Date", "X")
            .replacing_in_query("X-Amz-Credential", "Y")
            .message(),
        "AWS query-string parameters must include 'X-Amz-Credential'. AWS query-string parameters must include \
         'X-Amz-Date'. Re-examine the query-string parameters."
    );
    assert_eq!(case.replacing_in_query("X-Amz-Algorithm", "X").verify(), Err(SignatureError::Missing));
}

#[test]
fn other_kinds_of_signatures_are_told_to_be_unsupported() {
    let mut case = case("get-vanilla");
    for (authorization, name) in [
        ("AWS4-ECDSA-P256-SHA256 Credential=a/20150830/service/aws4_request", "AWS4-ECDSA-P256-SHA256"),
        ("AWS AKIDEXAMPLE:frJIUN8DYpKDtOLCwo//yllqDzg=", "AWS"),
        ("Other Credential=a,SignedHeaders=b,Signature=c", "Other"),
    ] {
        *case.header("authorization") = authorization.into();
        assert_eq!(case.message(), format!("Unsupported AWS 'algorithm': '{name}'."));
    }
    let mut second = case.without_header("authorization");
    second.query = "AWSAccessKeyId=a&SignatureVersion=2&SignatureMethod=HmacSHA256&Signature=b".into();
    assert_eq!(second.message(), "Unsupported AWS 'algorithm': 'HmacSHA256'.");
}

#[test]
fn a_date_of_another_form_is_refused() {
    let mut case = case("get-vanilla");
    for bad in ["201", "2015/08/30T12/36/00Z", "-20150830T123600Z", "20150830T126600Z", ""] {
        *case.header("x-amz-date") = bad.into();
        assert_eq!(
            case.message(),
            format!(
                "Date must be in ISO-8601 'basic format'. Got '{bad}'. See http://en.wikipedia.org/wiki/ISO_8601"
            )
        );
    }
}

#[test]
fn a_credential_without_five_elements_is_refused_and_not_shown() {
    let case = case("get-vanilla");
    for bad in [
        "AKIDEXAMPLE",
        "AKIDEXAMPLE/20150830/us-east-1/service",
        "wJalrXUtnFEMI/K7MDENG/b/20150830/us-east-1/service/aws4_request",
    ] {
        let changed = case.clone().replacing_in_header(
            "authorization",
            "AKIDEXAMPLE/20150830/us-east-1/service/aws4_request",
            bad,
        );
        let message = changed.message();
        assert!(message.starts_with("Credential must have exactly 5 slash-delimited elements"), "{message}");
        assert!(!message.contains(bad));
    }
}

#[test]
fn every_fault_of_the_credential_scope_is_told() {
    let case = case("get-vanilla");
    let changed = case.clone().replacing_in_header(
        "authorization",
        "20150830/us-east-1/service/aws4_request",
        "b/C/d/e",
    );
    assert_eq!(
        changed.message(),
        "Credential should be scoped to a valid region. Credential should be scoped to correct service: \
         'service'. Credential should be scoped with a valid terminator: 'aws4_request', not 'e'. Date in \
         Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: 'b' != '20150830', \
         from '20150830T123600Z'."
    );
    let other_service = Case { service: "kms".into(), ..case };
    assert_eq!(other_service.message(), "Credential should be scoped to correct service: 'kms'.");
}

#[test]
fn the_host_and_every_amz_header_must_be_signed() {
    let case = case("get-vanilla");
    let signed = "SignedHeaders=host;x-amz-date";
    let hostless = case.clone().replacing_in_header("authorization", signed, "SignedHeaders=x-amz-date");
    assert_eq!(
        hostless.message(),
        "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization."
    );
    let none = case.clone().replacing_in_header("authorization", signed, "SignedHeaders=");
    assert_eq!(none.verify(), Err(SignatureError::HostNotSigned));
    let dateless = case.clone().replacing_in_header("authorization", signed, "SignedHeaders=host");
    assert_eq!(dateless.message(), "'x-amz-date' must be a 'SignedHeader' in the AWS Authorization.");
    let added = case.clone().with_header("X-Amz-Target", "TrentService.Decrypt");
    assert_eq!(added.message(), "'x-amz-target' must be a 'SignedHeader' in the AWS Authorization.");
    let harmless = case.with_header("Accept", "*/*");
    assert_eq!(harmless.verify(), Ok(()));
}

#[test]
fn a_body_is_left_out_of_the_signature_only_where_that_is_allowed() {
    let mut case = case("s3-presigned");
    case.body = "anything".into();
    assert_eq!(case.verify(), Ok(()));
    case.unsigned_payload_allowed = false;
    assert_eq!(case.verify(), Err(SignatureError::Mismatch));
    let mut put = self::case("s3-put-object");
    *put.header("x-amz-content-sha256") = "UNSIGNED-PAYLOAD".into();
    assert_eq!(put.message(), SignatureError::Mismatch.to_string());
    assert_eq!(put.verify(), Err(SignatureError::PayloadNotSigned));
}

#[test]
fn the_wrong_key_does_not_verify() {
    let case = case("kms-encrypt");
    let secret = SecretString::new(document().secret_access_key);
    for (date, region, service) in [
        ("20150831", "eu-central-1", "kms"),
        ("20150830", "eu-central-2", "kms"),
        ("20150830", "eu-central-1", "sts"),
    ] {
        let key = SigningKey::derive(&secret, date, region, service).unwrap();
        let changed = Case { key: Some(key.into()), ..case.clone() };
        assert_eq!(changed.verify(), Err(SignatureError::Mismatch));
    }
    let key =
        SigningKey::derive(&SecretString::new("other".into()), "20150830", "eu-central-1", "kms").unwrap();
    let changed = Case { key: Some(key.into()), ..case };
    assert_eq!(
        changed.message(),
        "The request signature we calculated does not match the signature you provided. Check your AWS Secret \
         Access Key and signing method. Consult the service documentation for details."
    );
}

#[test]
fn a_session_token_is_found_and_not_shown() {
    for name in ["kms-with-session-token", "sts-presigned-with-session-token", "s3-presigned"] {
        let claim = case(name).claim().unwrap();
        let token = claim.session_token().unwrap();
        assert!(
            token.expose().starts_with("AQoDYXdzEPT//////////wEXAMPLE") && token.expose().ends_with("==")
        );
        let shown = format!("{claim:?}");
        assert!(!shown.contains("AQoDYXdz") && !shown.contains("signature"), "{shown}");
    }
    assert_eq!(case("kms-encrypt").claim().unwrap().session_token(), None);
}

#[test]
fn each_error_is_answered_with_the_code_that_aws_has_for_it() {
    use common_error::*;
    for (error, model) in [
        (SignatureError::Missing, &MISSING_AUTHENTICATION_TOKEN),
        (SignatureError::Ambiguous, &INVALID_SIGNATURE),
        (SignatureError::MalformedExpires, &INCOMPLETE_SIGNATURE),
        (SignatureError::Incomplete(MissingParts::Query(vec!["X-Amz-Date"])), &INCOMPLETE_SIGNATURE),
        (SignatureError::NotYetCurrent { signed_at: time(NOW), now: time(NOW) }, &INVALID_SIGNATURE),
        (SignatureError::Mismatch, &INVALID_SIGNATURE),
        (SignatureError::UnknownAccessKey, &UNRECOGNIZED_CLIENT),
        (SignatureError::ExpiredToken, &EXPIRED_TOKEN),
    ] {
        let answer = error.to_api_error();
        assert!(std::ptr::eq(answer.model(), model), "{error:?}");
        assert_eq!(answer.message(), Some(error.to_string().as_str()));
    }
}

#[test]
fn a_stale_signature_is_found_without_a_key() {
    let case = case("get-vanilla");
    let headers = case.header_map();
    let parts = case.parts(&headers);
    let check = |now| parse(&parts).unwrap().check(&parts, &case.endpoint(), time(now));
    assert_eq!(check(NOW), Ok(()));
    assert!(matches!(check("20150831T000000Z"), Err(SignatureError::Expired { .. })));
}
