//! SigV4 and the AWS protocols: the one place that knows HTTP, JSON, XML and CBOR
