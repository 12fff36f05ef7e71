//! The rule of a peer, Kayenta's `NetflixACAJudge`, computed to the last constant, mistakes included.
//!
//! For teams that come from there: the same numbers on the same data, their configuration
//! ([`Config`]) read and carried over to ours ([`import`](Config::import)), and, where the two judges differ on
//! a metric, the [`Weakness`] that decided.
//!
//! Written from the published behaviour of spinnaker/kayenta (Apache-2.0) at commit `a69573be`; no code was
//! taken over. What differs on purpose: the noise on constant series has a seed ([`NormalNoise`]), and a value of
//! the wrong type is an error when a configuration is read, not when a metric is judged.

mod classify;
mod config;
mod effect;
mod import;
mod judge_result;
mod noise;
mod pool;
mod rank_test;
mod repair;
mod root;
mod rule;
mod sample;
mod score;
mod weakness;

pub use classify::{Classification, Label, Reason, classify, classify_by_means};
pub use config::{
    AnalysisConfigurations, CanarySettings, Classifier, Config, ConfigError, EffectSizeSettings, MetricConfig,
    OutlierSettings, ScoreThresholds,
};
pub use effect::{cohens_d, mean_ratio, superiority};
#[cfg(feature = "text")]
pub(crate) use import::exact_pattern;
pub use import::{Import, ImportNote};
pub use judge_result::{JUDGE_NAME, JudgeResult, MetricEntry, RatioEntry, RunEntry, ScoreEntry, SideEntry, StatsEntry};
pub use noise::NormalNoise;
pub use rank_test::{AllTied, Constants, RankTest, Shift, critical_value};
pub use rule::{
    DEFAULT_CONFIDENCE, DEFAULT_OUTLIER_FACTOR, DEFAULT_TOLERANCE, EffectSize, Measure, NanStrategy, OutlierStrategy,
    Rule,
};
pub use sample::{
    SampleStats, Sensitivity, beyond_deviations, beyond_quartiles, nan_replaced, without_nan, without_outliers,
};
pub use score::{GroupScore, Outcome, ScoreRule, Scored, Summary, score};
pub use weakness::{Difference, Weakness, weaknesses};
