//! Operation, Cx and invoke; the ports Store, Clock, Entropy, Audit and Outbox
