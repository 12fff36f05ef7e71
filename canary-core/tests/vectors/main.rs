//! Every reference vector of `fixtures/vectors/stat.json`, at its own tolerance. The file's README says which tool computed what.
#![allow(clippy::unwrap_used, reason = "a test")]
#![allow(clippy::float_cmp, reason = "where the reference is exact")]

mod classic;
mod counts;
mod file;
mod peer;
mod r_ways;
mod sequential;
#[path = "../support/mod.rs"]
mod support;

use std::collections::BTreeMap;

use canary_core::config::{Bounds, JudgeKind, Outliers};
use canary_core::report::{Flag, Method, State};
use canary_core::stats::{
    HUBER_K, ar1, autocorrelation_lag1, ewc_degrees, ewc_variance, huber_location, huber_scores, long_run, mad, mean,
    median, power_of_two_scale, quantile, student_quantile,
};
use canary_core::{Config, NoteCode};
use file::{Case, Degenerate, Vectors, count, file, number, numbers};

/// How many cases the file has: none may go missing, and none may go unchecked.
const VECTORS: usize = 1557;
const DEGENERATE: usize = 28;

/// At a level of 1e9 and a spread of 1 the references disagree: the rounding of the mean leaves R eight
/// digits and `NumPy` seven. This is the value in exact rational arithmetic (Python's `fractions`).
const OFFSET_AUTOCORRELATION: f64 = -0.022_716_708_178_485_295;

impl Case<'_> {
    /// Checks the vector; false where nothing here knows its function.
    fn check(&self) -> bool {
        let values = || self.values();
        match self.vector.function.as_str() {
            "quantile" => return self.check_quantile() | self.check_classic(),
            "mean" => self.agrees_with(mean(&values()).unwrap()),
            "median" => self.agrees_with(median(&mut values()).unwrap()),
            "mad" => self.agrees_with(mad(&mut values()).unwrap()),
            "mad_raw" => self.agrees_with(mad(&mut values()).unwrap() / 1.4826),
            "iqr7" => {
                let quartile = |probability| quantile(&mut values(), probability).unwrap();
                self.agrees_with(quartile(0.75) - quartile(0.25));
            }
            "log_ratio_mean" => self.agrees_with(mean(&self.log_ratios()).unwrap()),
            "log_ratio_median" => self.agrees_with(median(&mut self.log_ratios()).unwrap()),
            "autocorrelation_lag1" => self.check_autocorrelation(),
            "ar1_ess" => self.check_ar1(),
            "huber_location" => self.check_huber(),
            "ewc_long_run_variance" => self.check_ewc(),
            "paired_huber_log_ratio" => self.check_paired(),
            "paired_huber_log_ratio_hybrid_se" => self.check_paired_hybrid(),
            "student_t_sf" => self.check_student_in_logarithms(),
            "student_t_quantile" => self.agrees_with(student_quantile(1.0 - self.arg("p"), self.arg("df"))),
            "kayenta_default" => self.check_peer(),
            "error_case" => return self.check_refusal() | self.check_classic(),
            _ => return self.check_sequential() || self.check_counts() || self.check_classic(),
        }
        true
    }

    pub(crate) fn arg(&self, key: &str) -> f64 {
        number(&self.vector.args[key])
    }

    fn check_quantile(&self) -> bool {
        if self.vector.args["type"] != 7 {
            return false;
        }
        let probabilities = numbers(&self.vector.args["probs"]);
        for (probability, expected) in probabilities.into_iter().zip(numbers(&self.vector.expected)) {
            self.agrees("quantile", quantile(&mut self.values(), probability).unwrap(), expected);
        }
        true
    }

    fn check_autocorrelation(&self) {
        if self.vector.args["sample"] == "offset" {
            return self.agrees("exact", autocorrelation_lag1(&self.values()), OFFSET_AUTOCORRELATION);
        }
        if !number(&self.vector.expected).is_nan() {
            return self.agrees_with(autocorrelation_lag1(&self.values()));
        }
        // R gives NaN where the squares leave the range. The judge scales first; then there is a value.
        let scale = power_of_two_scale(&self.values());
        let scaled: Vec<f64> = self.values().iter().map(|value| value * scale).collect();
        let found = autocorrelation_lag1(&scaled);
        assert!(found != 0.0 && found.abs() <= 1.0, "{}: {found}", self.vector.id);
    }

    fn check_ar1(&self) {
        let (raw, fit) = (autocorrelation_lag1(&self.values()), ar1(&self.values()));
        let count = self.values().len() as f64;
        if self.vector.args["sample"] == "offset" {
            let corrected = raw + (1.0 + 3.0 * raw) / count;
            self.agrees("exact", raw, OFFSET_AUTOCORRELATION);
            return self.agrees("r_kendall", fit.correlation, corrected);
        }
        self.agrees_at("r", raw);
        self.agrees_at("n_eff", count * (1.0 - raw) / (1.0 + raw));
        // Negative autocorrelation counts as none.
        self.agrees("r_kendall", fit.correlation, number(&self.vector.expected["r_kendall"]).clamp(0.0, 0.99));
        self.agrees_at("n_eff_kendall", fit.effective);
    }

    fn check_huber(&self) {
        assert_eq!(self.arg("k"), HUBER_K);
        let values = if self.vector.args["of"] == "canary" { self.values() } else { self.log_ratios() };
        // The resolution is absolute, made for logarithms: other values are scaled, as the judge does.
        let scale = if self.vector.args["of"] == "canary" { power_of_two_scale(&values) } else { 1.0 };
        let scaled: Vec<f64> = values.iter().map(|value| value * scale).collect();
        let found = huber_location(&scaled, &mut Vec::new()).unwrap();
        self.agrees_at("mu", found.location / scale);
        self.agrees_at("scale", found.scale / scale);
    }

    fn check_ewc(&self) {
        let values = self.values();
        let magnitude = mean(&values.iter().map(|value| value.abs()).collect::<Vec<_>>()).unwrap();
        let relative: Vec<f64> = values.iter().map(|value| value / magnitude).collect();
        let centre = mean(&relative).unwrap();
        let centred: Vec<f64> = relative.iter().map(|value| value - centre).collect();
        self.agrees_with(ewc_variance(&centred, count(&self.vector.args["nu"])));
    }

    fn check_paired(&self) {
        let values = self.log_ratios();
        let found = huber_location(&values, &mut Vec::new()).unwrap();
        let mut scores = Vec::new();
        huber_scores(&values, &found, &mut scores);
        let (count, degrees) = (values.len() as f64, ewc_degrees(values.len()));
        let error = found.scale * (ewc_variance(&scores, degrees) / count).sqrt() * count / found.inliers as f64;
        let margin = student_quantile(0.01, degrees as f64) * error;
        self.agrees_at("theta", found.location);
        self.agrees_at("scale", found.scale);
        self.agrees_at("nu", degrees as f64);
        self.agrees_at("se_ewc", error);
        let ends = numbers(&self.vector.expected["ci98"]);
        self.agrees("lower", found.location - margin, ends[0]);
        self.agrees("upper", found.location + margin, ends[1]);
    }

    /// The standard error of the judge: through the functions it is made of, and through the judge.
    fn check_paired_hybrid(&self) {
        let expected = |key: &str| number(&self.vector.expected[key]);
        let values = self.log_ratios();
        let found = huber_location(&values, &mut Vec::new()).unwrap();
        let mut scores = Vec::new();
        huber_scores(&values, &found, &mut scores);
        let long_run = long_run(&scores);
        let count = values.len() as f64;
        let error = found.scale * (long_run.variance / count).sqrt() * count / found.inliers as f64;
        self.agrees_at("rho", ar1(&scores).correlation);
        self.agrees_at("n_eff", long_run.effective);
        self.agrees_at("df", long_run.degrees);
        self.agrees_at("se", error);
        let result = support::one(Config::default(), &self.side("baseline"), &self.side("canary"));
        let interval = result.interval.unwrap();
        let margin = student_quantile(0.01, expected("df")) * expected("se");
        assert_eq!((result.method, interval.level), (Some(Method::PairedHuber), 0.98));
        self.agrees("ratio", result.ratio.unwrap(), found.location.exp());
        // The judge takes the noise for more persistent than this one stretch shows: never for less.
        assert!(result.points.effective.unwrap() <= expected("n_eff"), "{}", self.vector.id);
        assert!(interval.lower.unwrap() <= (found.location - margin).exp(), "{}", self.vector.id);
        assert!(interval.upper.unwrap() >= (found.location + margin).exp(), "{}", self.vector.id);
    }

    /// R refuses a sample whose MAD is zero; the scale is then the 90 % point of the deviations over 1.645.
    fn check_refusal(&self) -> bool {
        if self.vector.args["test"] != "huber_k1.345" {
            return false;
        }
        assert_eq!(mad(&mut self.values()), Some(0.0));
        let centre = median(&mut self.values()).unwrap();
        let mut deviations: Vec<f64> = self.values().iter().map(|value| (value - centre).abs()).collect();
        let found = huber_location(&self.values(), &mut Vec::new()).unwrap();
        self.agrees("scale", found.scale, quantile(&mut deviations, 0.9).unwrap() / 1.645);
        assert!(found.scale > 0.0 && found.location > centre, "{found:?}");
        true
    }
}

impl Degenerate {
    /// Checks the case; false where nothing here knows its function.
    fn check(&self) -> bool {
        let values = |key: &str| numbers(&self.args[key]);
        // NaN is a missing tick: it is gone before any statistic sees the values.
        let present = || values("values").into_iter().filter(|value| !value.is_nan()).collect::<Vec<f64>>();
        match self.function.as_str() {
            "quantile" => {
                let quantiles = values("probs").into_iter().map(|p| quantile(&mut present(), p).unwrap());
                assert_eq!(quantiles.collect::<Vec<_>>(), numbers(&self.expected), "{}", self.id);
            }
            "mad" => assert_eq!(mad(&mut present()), self.expected.as_f64(), "{}", self.id),
            "ewc_long_run_variance" => {
                assert_eq!(ewc_variance(&present(), count(&self.args["nu"])), number(&self.expected));
            }
            "ar1_ess" => {
                let capped = number(&self.expected["n_eff_capped"]);
                // The division by odds of exactly 1 leaves n.
                assert_eq!(ar1(&present()).effective, capped, "{}", self.id);
            }
            "iqr_fences" => self.check_fences(&present()),
            "ratio_classify" => self.check_state(&values("baseline"), &values("canary"), &values("bounds")),
            "bounds" => {
                let found = Bounds::new(number(&self.args["lower"]), number(&self.args["upper"]));
                assert!(found.unwrap_err().to_string().contains("0 <= lower"), "{}", self.id);
            }
            _ => return self.check_sequential() || self.check_counts() || self.check_classic(),
        }
        true
    }

    /// Fences without width would drop everything else: nothing is dropped.
    fn check_fences(&self, values: &[f64]) {
        assert_eq!(self.expected["lower"], self.expected["upper"]);
        let mut config = Config::default();
        config.defaults.outliers = Outliers::Drop;
        config.defaults.min_points = 1;
        let result = support::one(config, values, values);
        assert!(result.notes.iter().all(|note| note.code != NoteCode::Outliers), "{}: {:?}", self.id, result.notes);
        assert_eq!(result.points.canary, values.len() as u64);
    }

    fn check_state(&self, baseline: &[f64], canary: &[f64], bounds: &[f64]) {
        let mut config = Config::default();
        config.defaults.bounds = Bounds::new(bounds[0], bounds[1]).unwrap();
        let result = support::one(config.clone(), baseline, canary);
        assert_eq!(result.state.name(), self.expected["label"], "{}: {result:?}", self.id);
        if let Some(ratio) = self.expected["ratio"].as_f64() {
            config.defaults.judge = JudgeKind::Bounds;
            let by_averages = support::one(config, baseline, canary);
            // The ratio of the averages: one division, sums of 60 equal or nearly equal values.
            assert!((by_averages.ratio.unwrap() - ratio).abs() <= 1e-13 * ratio, "{}: {by_averages:?}", self.id);
            // A location of logarithms is another estimate of it; its interval holds the same ratio, to rounding.
            let (lower, upper) =
                result.interval.map_or((1.0, 1.0), |found| (found.lower.unwrap(), found.upper.unwrap()));
            assert!(lower - 1e-12 <= ratio && ratio <= upper + 1e-12, "{}: {result:?}", self.id);
        }
        match self.expected["flag"].as_str() {
            Some("deterministic") => assert_eq!(result.flags, [Flag::Deterministic], "{}", self.id),
            Some("1 non-finite tick dropped") => {
                let dropped = result.notes.iter().find(|note| note.code == NoteCode::NotFinite).unwrap();
                assert_eq!(dropped.count, 1, "{}", self.id);
            }
            _ => assert!(result.state != State::NoData || result.ratio.is_none(), "{}", self.id),
        }
    }
}

#[test]
fn every_vector_holds_at_its_own_tolerance() {
    let Vectors { samples, regular, degenerate } = file();
    assert_eq!((regular.len(), degenerate.len()), (VECTORS, DEGENERATE));
    let mut unchecked: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for vector in &regular {
        if !(Case { vector, samples: &samples }).check() {
            unchecked.entry(&vector.function).or_default().push(&vector.id);
        }
    }
    for case in degenerate.iter().filter(|case| !case.check()) {
        unchecked.entry(&case.function).or_default().push(&case.id);
    }
    assert!(unchecked.is_empty(), "{unchecked:#?}");
}
