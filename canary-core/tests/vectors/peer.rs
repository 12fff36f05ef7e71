//! The peer's rule, all of it, on the shared samples. `tests/kayenta` holds it to the peer's own tests.

use canary_core::kayenta::{Rule, classify};
use serde_json::json;

use crate::file::{Case, numbers};

impl Case<'_> {
    pub(crate) fn check_peer(&self) {
        let args = &self.vector.args;
        let side = |key: &str| if args["sample"].is_null() { numbers(&args[key]) } else { self.side(key) };
        let found = classify(&side("baseline"), &side("canary"), &Rule::default(), 0);
        let (shift, expected) = (found.shift.unwrap(), numbers(&self.vector.expected["ci"]));
        assert_eq!(json!(found.label), self.vector.expected["label"]);
        self.agrees_at("ratio", found.deviation.unwrap());
        self.agrees_at("estimate", shift.estimate);
        self.agrees("lower", shift.lower, expected[0]);
        self.agrees("upper", shift.upper, expected[1]);
    }
}
