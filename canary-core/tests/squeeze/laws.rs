//! Laws, queues, knees and fits against other programs (fixtures/vectors/squeeze.json).

use canary_core::squeeze::{Curve, ErlangQueue, Run, Usl, UslPoint, kneedle};
use canary_core::stats::{Alternative, Sample, TwoSamples, Weighted, isotonic_mean, student_sf, variance, welch_t};
use serde_json::Value;

use crate::vectors::{near, number, numbers, vectors};

#[test]
fn the_scaling_law_is_fitted_as_r_does() {
    for case in vectors()["usl"].as_array().unwrap() {
        let pairs = case["points"].as_array().unwrap();
        let points: Vec<UslPoint> =
            pairs.iter().map(|pair| UslPoint { concurrency: number(&pair[0]), throughput: number(&pair[1]) }).collect();
        let found = Usl::fit(&points).unwrap();
        let expected = &case["nls_port_R"];
        let law = found.law;
        // nls(algorithm = "port") stops at a relative change of 1e-10 in the squares, whose minimum is flat: parameters
        // agree to the root of that, and some digits are lost in the normal equations.
        near(law.gamma, number(&expected["gamma"]), 1e-5, &case["name"]);
        near(law.sigma, number(&expected["alpha_sigma"]), 1e-4, &case["name"]);
        near(law.kappa, number(&expected["beta_kappa"]), 1e-4, &case["name"]);
        near(found.squares, number(&expected["rss"]), 1e-6, &case["name"]);
        let [gamma, sigma, kappa] = found.errors.unwrap();
        near(gamma, number(&expected["se_gamma"]), 1e-3, &case["name"]);
        near(sigma, number(&expected["se_alpha"]), 1e-3, &case["name"]);
        near(kappa, number(&expected["se_beta"]), 1e-3, &case["name"]);
        near(law.peak_concurrency().unwrap(), number(&expected["peak_n"]), 1e-4, &case["name"]);
        near(law.peak().unwrap(), number(&expected["peak_x"]), 1e-5, &case["name"]);
        near(law.optimal_concurrency().unwrap(), number(&expected["opt_n"]), 1e-4, &case["name"]);
        near(law.ceiling().unwrap(), number(&expected["limit_x"]), 1e-4, &case["name"]);
    }
}

#[test]
fn a_law_says_what_the_published_ones_say() {
    let usl = vectors();
    let cisco = usl["usl"].as_array().unwrap().iter().find(|case| case["name"] == "usl4j_cisco").unwrap();
    let published = &cisco["published"];
    let law = Usl {
        gamma: number(&published["lambda_"]),
        sigma: number(&published["sigma"]),
        kappa: number(&published["kappa"]),
    };
    for (clients, latency) in published["latency_at_n"].as_object().unwrap() {
        // The published parameters have seven digits.
        near(law.latency(clients.parse().unwrap()), number(latency), 1e-6, &cisco["name"]);
    }
    for (clients, throughput) in published["throughput_at_n"].as_object().unwrap() {
        near(law.throughput(clients.parse().unwrap()), number(throughput), 1e-6, &cisco["name"]);
    }
    // Their peak is at a whole number of clients: one below ours.
    assert_eq!(law.peak_concurrency().unwrap().floor(), number(&published["max_concurrency_floor"]));
    assert_eq!(Usl { kappa: 0.0, ..law }.peak_concurrency(), None, "no crosstalk, no peak");
}

#[test]
fn knees_are_where_kneed_finds_them() {
    for case in vectors()["kneedle"].as_array().unwrap() {
        let points: Vec<(f64, f64)> = numbers(&case["x"]).into_iter().zip(numbers(&case["y"])).collect();
        let params = &case["params"];
        let curve = if params["curve"] == "convex" { Curve::Convex } else { Curve::Concave };
        let run = if params["direction"] == "decreasing" { Run::Decreasing } else { Run::Increasing };
        let found = kneedle(&points, curve, run, params["S"].as_f64().unwrap_or(1.0));
        // A knee is one of the points: exact.
        assert_eq!(found, case["knee"].as_f64(), "{}", case["name"]);
    }
}

#[test]
fn queues_behave_as_erlang_says() {
    for case in vectors()["mmc"].as_array().unwrap() {
        let servers = u32::try_from(case["c"].as_u64().unwrap()).unwrap();
        let queue = ErlangQueue::new(servers, number(&case["s_ms"]) / 1000.0).unwrap();
        let rate = number(&case["lambda_rps"]);
        let name = &Value::from(format!("c {servers}, {rate} rps"));
        // The vectors have nine decimals.
        let at = |found: f64, key: &str| assert!((found - number(&case[key])).abs() < 2e-9, "{name} {key}: {found}");
        at(queue.blocking(rate), "erlang_b");
        at(queue.waiting(rate), "C");
        let ms =
            |found: f64, expected: f64| assert!((1000.0 * found - expected).abs() < 2e-6, "{name}: {found} {expected}");
        ms(queue.mean_wait(rate), number(&case["Wq_ms"]));
        ms(queue.sakasegawa_wait(rate), number(&case["sakasegawa_wq_ms"]));
        for (key, share) in [("p50_ms", 0.5), ("p95_ms", 0.95), ("p99_ms", 0.99)] {
            ms(queue.quantile(rate, share), number(&case[key]));
        }
        for (key, expected) in case["allen_cunneen_wq_ms"].as_object().unwrap() {
            let (arrivals, service) = key.split_once(',').unwrap();
            let of = |text: &str| text.split_once('=').unwrap().1.parse::<f64>().unwrap();
            ms(queue.allen_cunneen_wait(rate, of(arrivals), of(service)), number(expected));
        }
    }
    for case in vectors()["mmc_slo_crossing"].as_array().unwrap() {
        let servers = u32::try_from(case["c"].as_u64().unwrap()).unwrap();
        let queue = ErlangQueue::new(servers, number(&case["s_ms"]) / 1000.0).unwrap();
        near(queue.capacity(), number(&case["capacity_rps"]), 1e-12, &case["slo_ms"]);
        let found = queue.crossing(number(&case["slo_ms"]) / 1000.0, 1.0 - number(&case["quantile"]));
        // Six decimals.
        assert!((found - number(&case["slo_rps"])).abs() < 2e-6, "{found} {case}");
    }
    let queue = ErlangQueue::new(1, 0.02).unwrap();
    assert_eq!((queue.slower_than(60.0, 1.0), queue.quantile(60.0, 0.5)), (1.0, f64::INFINITY));
    assert!(ErlangQueue::new(0, 0.02).is_none() && ErlangQueue::new(1, f64::NAN).is_none());
}

#[test]
fn isotonic_fits_are_those_of_scikit_learn() {
    for case in vectors()["isotonic"].as_array().unwrap() {
        let pairs = numbers(&case["y"]).into_iter().zip(numbers(&case["weights"]));
        let weighted: Vec<Weighted> = pairs.map(|(value, weight)| Weighted { value, weight }).collect();
        let plain: Vec<Weighted> = weighted.iter().map(|at| Weighted { weight: 1.0, ..*at }).collect();
        for (values, key) in [(&weighted, "weighted_fit"), (&plain, "unweighted_fit")] {
            for (found, expected) in isotonic_mean(values).into_iter().zip(numbers(&case[key])) {
                // Nine decimals.
                assert!((found - expected).abs() < 1e-9, "{key}: {found} {expected}");
            }
        }
    }
}

#[test]
fn two_samples_by_student_and_welch() {
    for case in vectors()["two_sample"].as_array().unwrap() {
        let (left, right) =
            (Sample::new(&numbers(&case["left"])).unwrap(), Sample::new(&numbers(&case["right"])).unwrap());
        let sides = TwoSamples { baseline: left.clone(), canary: right.clone() };
        near(welch_t(&sides).unwrap().p_value(Alternative::TwoSided), number(&case["welch_p"]), 1e-9, &case["left"]);
        let mean = |side: &Sample| side.values().iter().sum::<f64>() / side.values().len() as f64;
        let (m, n) = (left.values().len() as f64, right.values().len() as f64);
        let pooled = ((m - 1.0) * variance(&left).unwrap() + (n - 1.0) * variance(&right).unwrap()) / (m + n - 2.0);
        let t = (mean(&left) - mean(&right)).abs() / (pooled * (1.0 / m + 1.0 / n)).sqrt();
        near(2.0 * student_sf(t, m + n - 2.0), number(&case["student_p"]), 1e-9, &case["left"]);
        // The peer's is smaller: it takes the population's deviation for the sample's.
        assert!(number(&case["otava_p"]) < number(&case["student_p"]));
    }
}
