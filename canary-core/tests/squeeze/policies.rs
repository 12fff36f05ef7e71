//! Scaling plans against worked examples, and policies against the published schemas.

use canary_core::scaling::kubernetes::{TargetRef, horizontal_pod_autoscaler};
use canary_core::scaling::{Growth, Redundancy, ScalingError, ScalingInput, ScalingPlan, StartTime, aws, keda, plan};
use canary_core::squeeze::{Estimate, Status};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::edges::{RATES, judge, run};
use crate::vectors::{near, number, vectors};

const AWS: &str = include_str!("../../../fixtures/scaling/schema/aws_put_scaling_policy.json");
const HPA: &str = include_str!("../../../fixtures/scaling/schema/hpa_v2.json");
const KEDA: &str = include_str!("../../../fixtures/scaling/schema/keda_scaledobject.json");
const WORKED: &str = include_str!("../../../fixtures/scaling/worked_example.json");
const TRACKING: &str = include_str!("../../../fixtures/scaling/aws_target_tracking.json");
const STEPS: &str = include_str!("../../../fixtures/scaling/aws_step_scaling.json");

fn worked() -> ScalingInput {
    let inputs = &serde_json::from_str::<Value>(WORKED).unwrap()["inputs"];
    let of = |key: &str| number(&inputs[key]);
    ScalingInput {
        warm_seconds: of("warm_s"),
        metric_period_seconds: of("metric_period_s"),
        evaluation_seconds: of("evaluation_s"),
        redundancy: Redundancy::Zones(3),
        tolerance: of("hpa_tolerance"),
        peak_rps: Some(of("peak_rps")),
        trough_rps: Some(of("trough_rps")),
        ..ScalingInput::new(
            of("sweet_spot_rps_lower"),
            of("start_to_traffic_s_p95"),
            Growth::Exponential(of("growth_per_min")),
        )
    }
}

fn worked_plan() -> ScalingPlan {
    plan(&worked()).unwrap()
}

#[test]
fn the_worked_example() {
    let expected = &serde_json::from_str::<Value>(WORKED).unwrap()["outputs"];
    let found = worked_plan();
    // The example has seven digits.
    let at = |found: f64, key: &str| near(found, number(&expected[key]), 1e-6, &Value::from(key));
    at(found.lag_seconds, "lag_s");
    at(found.growth_over_lag, "growth_over_lag");
    at(found.target_rps, "target_rps_per_instance");
    at(found.target_rps_with_tolerance, "target_rps_hpa");
    at(found.target_utilisation, "target_utilisation");
    at(found.alb_target_value, "alb_target_value_per_minute");
    assert_eq!(found.instances_at_peak, expected["instances_at_peak"].as_u64());
    assert_eq!(found.min_instances, expected["min_instances"].as_u64());
    assert_eq!(found.max_instances, expected["max_instances"].as_u64());
    // Twice the lag of 290 s.
    assert_eq!(found.scale_in_seconds, 580.0);
}

#[test]
fn the_reference_plans() {
    for case in vectors()["scaling"].as_array().unwrap() {
        let of = |key: &str| number(&case[key]);
        let zones = u32::try_from(case["zones"].as_u64().unwrap()).unwrap();
        let found = plan(&ScalingInput {
            warm_seconds: of("warm_s"),
            metric_period_seconds: of("metric_period_s"),
            evaluation_seconds: of("evaluation_s"),
            redundancy: if zones > 1 { Redundancy::Zones(zones) } else { Redundancy::None },
            tolerance: of("tolerance"),
            peak_rps: Some(of("peak_rps")),
            ..ScalingInput::new(of("sweet_spot_rps_lower"), of("start_s"), Growth::Exponential(of("growth_per_min")))
        })
        .unwrap();
        // Nine digits.
        let at = |found: f64, key: &str| near(found, of(key), 1e-8, &Value::from(key));
        at(found.lag_seconds, "lag_s");
        at(found.growth_over_lag, "growth_factor");
        at(found.target_rps, "target_rps");
        at(found.target_rps_with_tolerance, "target_rps_with_tolerance");
        at(found.alb_target_value, "alb_target_value");
        assert_eq!(found.instances_at_peak, case["instances_at_peak"].as_u64());
    }
}

#[test]
fn a_plan_survives_growth_and_the_loss_it_is_made_for() {
    for (redundancy, left) in [
        (Redundancy::None, 1.0),
        (Redundancy::Zones(2), 0.5),
        (Redundancy::Zones(3), 2.0 / 3.0),
        (Redundancy::Spares(2), f64::NAN),
    ] {
        for growth in [Growth::Exponential(0.05), Growth::Linear(0.05), Growth::Exponential(0.0)] {
            let input = ScalingInput { redundancy, peak_rps: Some(9000.0), ..ScalingInput::new(200.0, 120.0, growth) };
            let found = plan(&input).unwrap();
            let instances = found.instances_at_peak.unwrap() as f64;
            let left = if left.is_nan() { instances - 2.0 } else { instances * left };
            // The forecast, grown over the lag, on what is left; and the target, grown, on all.
            assert!(9000.0 * found.growth_over_lag / left <= 200.0 * (1.0 + 1e-12), "{redundancy:?} {growth:?}");
            assert!(found.target_rps * found.growth_over_lag <= 200.0 * (1.0 + 1e-12));
            assert!(found.min_instances <= found.instances_at_peak && found.instances_at_peak <= found.max_instances);
        }
    }
}

#[test]
fn impossible_input_is_refused_by_name() {
    let good = ScalingInput::new(200.0, 60.0, Growth::Exponential(0.03));
    let refused = |input: ScalingInput| plan(&input).unwrap_err().to_string();
    let bad = ScalingInput { sweet_spot_rps: f64::NAN, ..good };
    assert_eq!(refused(bad), "sweet_spot_rps: found NaN, expected a finite number above 0");
    assert!(refused(ScalingInput { start_seconds: -1.0, ..good }).contains("start_seconds: found -1"));
    assert!(refused(ScalingInput { tolerance: 1.0, ..good }).contains("tolerance"));
    assert!(refused(ScalingInput { redundancy: Redundancy::Zones(1), ..good }).contains("2 zones or more"));
    assert_eq!(plan(&ScalingInput { redundancy: Redundancy::Spares(1), ..good }), Err(ScalingError::SparesNeedPeak));
    assert!(refused(ScalingInput { trough_rps: Some(5.0), ..good }).contains("peak_rps"));
    assert!(refused(ScalingInput { peak_rps: Some(1e300), ..good }).contains("more than anyone runs"));
    assert!(refused(ScalingInput { growth: Growth::Exponential(1e308), ..good }).contains("growth"));
    let plan = plan(&good).unwrap();
    assert_eq!(plan.instances_at_peak, None);
    let error = horizontal_pod_autoscaler(&plan, TargetRef::deployment("api"), "rps").unwrap_err();
    assert_eq!(error, ScalingError::NoForecast);
}

#[test]
fn only_a_test_that_showed_a_rate_gives_a_plan() {
    let start = StartTime::from_samples(&[30.0, 40.0]).unwrap();
    let growth = Growth::Linear(0.02);
    let mut report = judge(&run(&RATES, 100.0), &[]);
    let input = ScalingInput::from_report(&report, &start, growth).unwrap();
    assert_eq!(Some(input.sweet_spot_rps), report.sweet_spot.unwrap().lower);
    assert_eq!((input.start_seconds, input.status), (40.0, Some(Status::Measured)));
    let bound = judge(&run(&RATES[..5], 100.0), &[]);
    assert_eq!(ScalingInput::from_report(&bound, &start, growth).unwrap().status, Some(Status::LowerBound));
    let mut open_below = report.clone();
    open_below.sweet_spot = open_below.sweet_spot.map(|found| Estimate { lower: None, ..found });
    let error = ScalingInput::from_report(&open_below, &start, growth).unwrap_err();
    assert!(error.to_string().contains("no lower end"), "{error}");
    for status in [Status::Unstable, Status::Unusable, Status::SaturatedFromStart] {
        report.status = status;
        let error = ScalingInput::from_report(&report, &start, growth).unwrap_err();
        assert!(error.to_string().contains(status.name()), "{error}");
    }
}

fn accepts(schema: &str, document: &Value) {
    let schema: Value = serde_json::from_str(schema).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<String> =
        validator.iter_errors(document).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{errors:#?} in {document:#}");
}

#[test]
fn policies_are_what_the_published_schemas_take() {
    let plan = worked_plan();
    let group = aws::Group {
        auto_scaling_group: "api".to_owned(),
        resource_label: "app/api-lb/778d41231b141a0f/targetgroup/api-tg/943f017f100becff".to_owned(),
    };
    let tracking = serde_json::to_value(aws::target_tracking(&plan, &group)).unwrap();
    accepts(AWS, &tracking);
    // The document that a validator of the service accepted, value by value; the group's name is another one there.
    let named = |text: &str| {
        let mut expected: Value = serde_json::from_str(text).unwrap();
        expected["AutoScalingGroupName"] = json!("api");
        expected
    };
    assert_eq!(tracking, named(TRACKING));
    let steps = serde_json::to_value(aws::step_scaling(&plan, &group)).unwrap();
    accepts(AWS, &steps);
    // There the bounds were rounded to the nearest tenth; ours are rounded down.
    let mut expected = named(STEPS);
    expected["StepAdjustments"][0]["MetricIntervalUpperBound"] = json!(683.0);
    expected["StepAdjustments"][1]["MetricIntervalLowerBound"] = json!(683.0);
    assert_eq!(steps, expected);
    let pods = horizontal_pod_autoscaler(&plan, TargetRef::deployment("api"), "http_requests_per_second").unwrap();
    let pods = serde_json::to_value(pods).unwrap();
    accepts(HPA, &pods);
    assert_eq!(
        pods["spec"]["metrics"][0]["pods"]["target"],
        json!({"type": "AverageValue", "averageValue": "103498m"})
    );
    assert_eq!((&pods["spec"]["minReplicas"], &pods["spec"]["maxReplicas"]), (&json!(15), &json!(122)));
    let prometheus = keda::Prometheus {
        server_address: "http://prometheus.monitoring.svc:9090".to_owned(),
        query: "sum(rate(http_requests_total{app=\"api\"}[1m]))".to_owned(),
    };
    let scaled =
        serde_json::to_value(keda::scaled_object(&plan, TargetRef::deployment("api"), &prometheus).unwrap()).unwrap();
    accepts(KEDA, &scaled);
    assert_eq!(scaled["spec"]["triggers"][0]["metadata"]["threshold"], "103.498");
    assert_eq!(scaled["spec"]["fallback"]["replicas"], 81);
}

/// The four documents of a plan, each with its schema.
fn documents(plan: &ScalingPlan) -> [(&'static str, Value); 4] {
    let group =
        aws::Group { auto_scaling_group: "api".to_owned(), resource_label: "app/a/1/targetgroup/b/2".to_owned() };
    let prometheus = keda::Prometheus { server_address: "http://prometheus:9090".to_owned(), query: "up".to_owned() };
    let target = || TargetRef::deployment("api");
    [
        (AWS, serde_json::to_value(aws::target_tracking(plan, &group)).unwrap()),
        (AWS, serde_json::to_value(aws::step_scaling(plan, &group)).unwrap()),
        (HPA, serde_json::to_value(horizontal_pod_autoscaler(plan, target(), "rps").unwrap()).unwrap()),
        (KEDA, serde_json::to_value(keda::scaled_object(plan, target(), &prometheus).unwrap()).unwrap()),
    ]
}

#[test]
fn the_schemas_refuse_what_is_misspelt() {
    let places = ["/TargetTrackingConfiguration", "/StepAdjustments/0", "/spec", "/spec/triggers/0"];
    for ((schema, good), place) in documents(&worked_plan()).into_iter().zip(places) {
        accepts(schema, &good);
        let schema: Value = serde_json::from_str(schema).unwrap();
        let schema = jsonschema::validator_for(&schema).unwrap();
        let mut odd = good.clone();
        odd.pointer_mut(place).unwrap()["minReplica"] = json!(3);
        assert!(!schema.is_valid(&odd), "{place}: a key that does not exist");
        let mut odd = good.clone();
        *odd.pointer_mut(place).unwrap() = json!("three");
        assert!(!schema.is_valid(&odd), "{place}: a text");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { max_global_rejects: 64, ..ProptestConfig::with_cases(64) })]

    /// Whatever is asked for, short starts and long ones, small fleets and large: a plan, if there is one, is documents
    /// that can be applied.
    #[test]
    fn every_plan_is_four_documents_that_the_schemas_take(
        (rate, peak, trough) in (0.5_f64..1e5, 1.0_f64..1e7, 0.0_f64..1.0),
        (start, warm, period, evaluation) in (0.0_f64..7200.0, 0.0_f64..600.0, 1.0_f64..300.0, 0.0_f64..300.0),
        (growth, tolerance) in (0.0_f64..0.2, 0.0_f64..0.3),
        redundancy in prop_oneof![
            Just(Redundancy::None), (2_u32..7).prop_map(Redundancy::Zones), (1_u32..9).prop_map(Redundancy::Spares)
        ],
    ) {
        let input = ScalingInput {
            warm_seconds: warm,
            metric_period_seconds: period,
            evaluation_seconds: evaluation,
            redundancy,
            tolerance,
            peak_rps: Some(peak),
            trough_rps: Some(peak * trough).filter(|trough| *trough > 0.0),
            ..ScalingInput::new(rate, start, Growth::Exponential(growth))
        };
        // More instances than anyone runs are refused; most are not, or this test says so.
        let Ok(plan) = plan(&input) else { return Err(TestCaseError::reject("no plan")) };
        for (schema, document) in documents(&plan) {
            accepts(schema, &document);
        }
    }
}
