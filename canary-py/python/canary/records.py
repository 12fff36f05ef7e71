"""What a report holds, field by field, and the words that stand in it.

Made by ``make_records.py`` from the types of the Rust library; changes belong there.
"""

from __future__ import annotations

from typing import Literal

from ._record import Record

Check = Literal[
    "traffic",
    "instances",
    "restarts",
    "clock_skew",
    "step",
    "warm_up",
    "coverage",
    "control",
]
"""What was looked at before anything is compared."""


ComparisonReason = Literal[
    "no_baseline",
    "no_canary",
    "only_bounds",
    "different_tests",
    "above_upper_bound",
    "below_lower_bound",
    "within_bounds",
    "undecided",
]
"""Why a comparison has no state, or how it came by it."""


Direction = Literal[
    "increase",
    "decrease",
    "either",
]
"""Which change counts against the canary."""


Evidence = Literal[
    "certified",
    "undecided",
]
"""Whether the data decide the state."""


Flag = Literal[
    "deterministic",
    "negative_level",
    "mixed_signs",
    "late_onset",
    "drift",
    "spread",
    "tail",
    "spikes",
    "stuck",
    "zeroed",
    "adjusted_by_past",
    "unequal_missing",
    "sample_size_bias",
]
"""An advisory finding on one metric that is not in its state."""


JudgeKind = Literal[
    "interval",
    "bounds",
    "kayenta",
]
"""The rule by which a metric is compared."""


Kind = Literal[
    "gauge",
    "counter",
    "count",
    "quantile",
]
"""What the values of a metric are."""


Label = Literal[
    "Pass",
    "High",
    "Low",
    "Nodata",
    "NodataFailMetric",
    "Error",
]
"""What the rule says of one metric, in the words of its result format."""


LoadLoop = Literal[
    "open",
    "closed",
]
"""Who decides when the next request is sent."""


LoadNoteCode = Literal[
    "replies_after_end",
    "cut_off_at_end",
    "first_seconds_left_out",
    "arrival_waves",
    "sliding_quantiles",
    "coordinated_omission",
    "coarse_latency",
    "latency_includes_errors",
    "rate_per_worker",
    "drain_in_rate",
    "dropped_by_generator",
    "offered_rate_guessed",
    "duration_guessed",
    "rows_without_step",
    "times_out_of_order",
    "other",
]
"""What happened. The prose for each code lives in canary-report."""


Method = Literal[
    "ratio_of_means/1",
    "paired_huber/2",
    "sign_flip/2",
    "paired_difference/1",
    "kayenta/1",
    "rate_ratio/1",
    "weighted_mean/1",
    "instance_rank/1",
    "instance_means/1",
    "deterministic/1",
    "measured/1",
]
"""The estimator that compared a metric, with its version. A change of results raises the version."""


ModelName = Literal[
    "usl",
    "amdahl",
    "smooth_minimum",
]
"""The curve that was fitted."""


Moved = Literal[
    "up",
    "down",
]
"""Which way a number went."""


NoteCode = Literal[
    "different_steps",
    "irregular_times",
    "no_common_time",
    "outside_window",
    "several_per_tick",
    "not_finite",
    "missing",
    "before_common_start",
    "before_deployment",
    "warm_up",
    "counter_reset",
    "outliers",
    "without_traffic",
    "related_metric_missing",
    "only_one_side",
    "unequal_missing",
    "odd_signs",
    "region_on_one_side",
    "metrics_on_one_side",
    "rule_matches_nothing",
    "group_without_metric",
]
"""What happened. The prose for each code lives in canary-report."""


Outcome = Literal[
    "alike",
    "odd",
    "not_comparable",
]
"""What a check found."""


Outcome2 = Literal[
    "Pass",
    "Marginal",
    "Fail",
]
"""The verdict on a run, in the words of the result format."""


Outliers = Literal[
    "keep",
    "drop",
]
"""What is done about outliers."""


Preset = Literal[
    "latency",
    "errors",
    "throughput",
    "saturation",
    "informational",
]
"""A ready-made rule. Named in a rule, its patterns, group, direction and weight stand where the rule itself
leaves them out. Each sets its weight, so that no later rule's weight slips in.
"""


RelatedKey = Literal[
    "denominator",
    "requests",
    "normalise_by",
]
"""A key of a rule that names another metric."""


Shape = Literal[
    "spread",
    "tail",
    "spikes",
    "stuck",
    "zeroed",
]
"""A way in which the canary can differ at the same level."""


ShapeDirection = Literal[
    "up",
    "down",
]
"""Where a shape points."""


Side = Literal[
    "baseline",
    "canary",
]
"""One side of the comparison."""


SqueezeKind = Literal[
    "hard",
    "soft",
    "retrograde",
]
"""How throughput ends."""


SqueezeReason = Literal[
    "too_few_steps",
    "no_good_replies",
    "clock_back",
    "impossible_numbers",
    "mixed_loops",
    "never_saturated",
    "slo_never_broken",
    "lowest_rate_saturated",
    "slo_broken_at_lowest_rate",
    "outlier_steps",
    "contradicting_steps",
    "fell_to_shelf",
    "generator_behind",
    "plateau_extrapolated",
    "falls_beyond_peak",
    "peak_extrapolated",
    "too_few_loads",
    "crossing_needs_open_loop",
    "latency_missing",
    "objective_untested",
    "interrupted",
    "guard_failed",
    "target_failed",
    "arrivals_in_waves",
    "units_differ",
    "one_saturated_step",
]
"""Why the status is what it is, and what qualifies the numbers. The prose lives in canary-report."""


State = Literal[
    "hot",
    "cold",
    "ok",
    "nodata",
]
"""The state of one metric. Exhaustive on purpose."""


Status = Literal[
    "measured",
    "lower_bound",
    "saturated_from_start",
    "unstable",
    "generator_limited",
    "unusable",
]
"""What the test showed."""


StepReason = Literal[
    "empty",
    "impossible_numbers",
    "clock_back",
    "generator_behind",
    "outlier",
    "saturated",
    "breaks_slo",
]
"""Why a step was not used, or what it showed."""


Unit = Literal[
    "instance",
    "minute",
]
"""What varies by chance from one to the next: what the noise of a comparison is made of."""


Verdict = Literal[
    "pass",
    "marginal",
    "fail",
    "inconclusive",
]
"""The outcome of a run. Exhaustive on purpose: a new verdict must break a deploy tool's build."""


Weakness = Literal[
    "independent_minutes",
    "zero_inflated",
    "unit_dependent",
    "late_onset",
    "only_location",
    "negative_mean",
    "zero_mean",
    "tiny_samples",
    "no_pairing",
    "no_practical_margin",
    "tolerance_band",
    "missing_as_zero",
    "infinite_values",
    "outliers_trimmed",
]
"""A known weakness of the rule. Each is found by mending it alone and judging again."""


Window = Literal[
    "full",
    "last_half",
    "last_quarter",
    "last_eighth",
    "end",
]
"""The part of the run that a number is about."""


class Average(Record):
    """One number a side."""

    __slots__ = ()

    baseline: float | None
    """The baseline's arithmetic mean over its usable points; of a count its events per unit of the denominator
    (without one, per tick and instance), of a mean with ``requests`` the mean over all requests, of a
    measured metric the number that was measured.
    """
    canary: float | None
    """The canary's."""


class Band(Record):
    """The least and the greatest value over the instances of one side, tick by tick."""

    __slots__ = ()

    lower: list[float | None]
    """The least, ``None`` where no instance has a value."""
    upper: list[float | None]
    """The greatest, ``None`` where no instance has a value."""


class Bounds(Record):
    """Bounds on the ratio canary/baseline: 0 <= lower < upper, both finite. A lower bound of 0 is never broken."""

    __slots__ = ()

    lower: float | None
    """The lower end."""
    upper: float | None
    """The upper end."""


class BoundsChange(Record):
    """One or both ends of bounds; what is left out is taken from the defaults."""

    __slots__ = ()

    lower: float | None
    """The lower end."""
    upper: float | None
    """The upper end."""


class Budget(Record):
    """What all looks share."""

    __slots__ = ()

    false_alarm: float
    """``evidence.false_alarm``: over all metrics, regions and looks."""
    looks: int
    """The looks that were planned; fewer are taken where one stops."""


class Builds(Record):
    """The builds compared, where the caller knows them."""

    __slots__ = ()

    baseline: str | None
    """The old build."""
    canary: str | None
    """The new build."""


class Change(Record):
    """A change of level."""

    __slots__ = ()

    after: float
    """The median after."""
    after_is_bound: bool | None
    """Whether ``after`` is only a lower bound."""
    before: float
    """The median before."""
    build: str
    """That build."""
    builds_since: int
    """Builds at the new level so far."""
    change: float
    """After over before, less 1."""
    clearness: float
    """The test statistic over its critical value, above 1: how clear it is."""
    direction: Moved
    """Which way."""
    index: int
    """The first build of the new level, by its place in the history, from 0."""
    instances: int | None
    """Instances that it costs at the peak, negative where it saves some; ``None`` without a peak."""
    interval: Interval
    """The interval of ``change`` (Hodges-Lehmann), as wide as the series is persistent; ends are ``null`` where
    bounds leave them open.
    """
    range: list[int]
    """Where the change may have begun, first and last place."""
    regression: bool
    """Whether it went the wrong way."""


class Config(Record):
    """Everything that can be decided about a run. ``Config::default()`` is a sensible one."""

    __slots__ = ()

    defaults: Defaults | None
    """What holds for every metric that no rule says otherwise of."""
    evidence: EvidenceSettings | None
    """How much must be known."""
    fairness: FairnessSettings | None
    """How alike the two sides must be."""
    groups: dict[str, GroupSettings] | None
    """The weight of each group; 1 for a group that is not named."""
    rules: list[Rule]
    """Rules, in order: for each key the first matching rule that sets it wins."""
    thresholds: Thresholds | None
    """The scores that divide pass, marginal and fail."""


class Counts(Record):
    """How many metrics have each state."""

    __slots__ = ()

    against: int
    """Of the hot and cold ones, those that lower the score."""
    cold: int
    """Metrics that are cold."""
    hot: int
    """Metrics that are hot."""
    nodata: int
    """Metrics that could not be judged."""
    ok: int
    """Metrics that are ok."""
    undecided: int
    """Of the ok ones, those that the data do not decide yet."""


class Defaults(Record):
    """What holds for every metric that no rule says otherwise of."""

    __slots__ = ()

    bounds: Bounds | None
    """Bounds on canary/baseline. 0.8 to 1.25 is symmetric in the log, so swapping the sides swaps hot and cold."""
    direction: Direction | None
    """Which change counts against the canary."""
    judge: JudgeKind | None
    """The rule of comparison."""
    level: float | None
    """The level of a metric's own interval: it certifies that the metric is within its bounds. Hot and cold take
    at least this level, and more where the run's false-alarm budget asks for it.
    """
    min_coverage: float | None
    """Where one side has less than this share of the other's points, the metric is nodata."""
    min_points: int | None
    """Fewer usable points than this are nodata: below 12 the interval has next to no degrees of freedom."""
    outliers: Outliers | None
    """What is done about outliers."""
    warmup: str | None
    """This much of the canary's life is left out, from its first observation in each region."""
    weight: float | None
    """The weight within the group."""


class Detectable(Record):
    """The smallest changes over the whole window that would just be hot or cold by now, as ratios."""

    __slots__ = ()

    decrease: float | None
    """Canary over baseline that would just be cold; ``None`` where no decrease would be yet."""
    increase: float | None
    """Canary over baseline that would just be hot; ``None`` where no increase would be yet."""


class Estimate(Record):
    """A number with its interval, requests a second. Where a bound is all that is known, the estimate and the
    other end are ``None``.
    """

    __slots__ = ()

    estimate: float | None
    """The likeliest value."""
    level: float
    """The nominal coverage, 0 to 1."""
    lower: float | None
    """The lower end."""
    upper: float | None
    """The upper end."""


class EvidenceSettings(Record):
    """How much must be known before a run can pass."""

    __slots__ = ()

    false_alarm: float | None
    """The chance that a run without any change beyond its bounds is flagged, over all metrics, regions and
    looks; among flagged metrics the expected share of false ones is held to the same figure.
    """
    max_nodata: float | None
    """A run with more of its weight without data than this is inconclusive."""
    max_undecided: float | None
    """A run with more of its judged weight undecided than this is inconclusive."""
    require: bool | None
    """Whether undecided metrics make the run inconclusive."""


class Fairness(Record):
    """One check with the numbers of both sides."""

    __slots__ = ()

    baseline: float | None
    """The baseline's number; ``None`` where it has none."""
    canary: float | None
    """The canary's number."""
    check: Check
    """What was looked at."""
    outcome: Outcome
    """What was found."""


class FairnessSettings(Record):
    """What is looked at before anything is compared."""

    __slots__ = ()

    ignore: list[Check]
    """Checks that are left out."""
    traffic: str | None
    """A pattern on the names of the metrics that count requests: both sides' traffic is compared."""


class Finding(Record):
    """Metrics of one region that moved together: one cause rather than so many cells."""

    __slots__ = ()

    component: str | None
    """What the names of the members have in common, such as ``checkout/``, or their group; ``None`` where they
    share nothing.
    """
    first_mover: str
    """The member that moved first."""
    members: list[Member]
    """The metrics that moved, the most telling one first."""
    onset: Onset
    """When it began."""
    region: str | None
    """The region; ``None`` where the input has none."""
    score_loss: float | None
    """By how much the region's uncapped score would rise without the members; ``None`` where nothing would be
    left to score.
    """
    size: Size
    """The typical size of the change."""


class GroupScore(Record):
    """The score of one group."""

    __slots__ = ()

    counts: Counts
    """Its metrics by state."""
    name: str
    """The group's name."""
    score: float | None
    """0 to 100; ``None`` where no metric of the group has data and weight."""
    weight: float
    """Its weight among the groups."""


class GroupSettings(Record):
    """What is decided about a group."""

    __slots__ = ()

    weight: float | None
    """Its weight among the groups."""


class Inputs(Record):
    """What was compared."""

    __slots__ = ()

    baseline: SideInput
    """The old build's side."""
    canary: SideInput
    """The new build's side."""
    command: str | None
    """The command that made the report, where a command did."""
    end: str | None
    """End of the last tick of the grid, RFC 3339."""
    start: str | None
    """Start of the first tick of the grid, RFC 3339; ``None`` where there is no observation or no clock."""
    step_seconds: float | None
    """Seconds between ticks."""
    ticks: int
    """Ticks on the grid."""


class Interval(Record):
    """A confidence interval. A missing end is unbounded on that side."""

    __slots__ = ()

    level: float
    """The confidence level, 0 to 1."""
    lower: float | None
    """The lower end."""
    upper: float | None
    """The upper end."""


class Level(Record):
    """One stretch of builds at one level."""

    __slots__ = ()

    from_: int
    """First place."""
    median: float
    """The median."""
    to: int
    """Last place."""


class LoadNote(Record):
    """Something that a parser left out, changed or doubts."""

    __slots__ = ()

    code: LoadNoteCode
    """What happened."""
    count: int
    """How many."""
    detail: str | None
    """A name or a value that belongs to it."""
    step: int | None
    """Which step, from 0, in the order of the run; ``None`` for all of them."""


class LookResult(Record):
    """What one look said."""

    __slots__ = ()

    at: str | None
    """When it was taken, RFC 3339; ``None`` where the data carry no clock."""
    cold: list[str]
    """The names of the metrics that were cold."""
    hot: list[str]
    """The names of the metrics that were hot, in any region, the most important first."""
    minutes: float
    """Minutes since both sides lived."""
    score: float | None
    """The score of what was seen by then."""
    verdict: Verdict
    """The verdict on what was seen by then."""


class Member(Record):
    """One metric of a finding."""

    __slots__ = ()

    counts_against: bool
    """Whether it lowers the score."""
    metric: str
    """The metric, in the finding's region."""
    onset_tick: int
    """Its own first changed tick."""
    ratio: float | None
    """Canary over baseline from its own onset on; ``None`` where undefined or infinite."""
    state: State
    """Its state."""


class MetricKey(Record):
    """What names one metric of a report."""

    __slots__ = ()

    name: str
    """The metric's name."""
    region: str | None
    """Its region; ``None`` where the input has none."""


class MetricResult(Record):
    """What is said of one metric in one region."""

    __slots__ = ()

    average: Average
    """The averages of both sides in ``window``."""
    bounds: Bounds
    """The bounds it was held against."""
    counts_against: bool
    """Whether its state lowers the score: hot or cold in a direction that is a failure."""
    critical: bool
    """Whether it can fail the run alone."""
    detectable: Detectable | None
    """The smallest changes that could have been seen by now; ``None`` where the judge cannot say."""
    evidence: Evidence
    """Certified or undecided."""
    flags: list[Flag]
    """Advisory findings."""
    group: str
    """The group it counts in."""
    instances_to_decide: int | None
    """Where undecided with the instance as the unit: how many instances a side it would take, if the ratio and
    their spread stay as they are. More minutes would not do it.
    """
    interval: Interval | None
    """The interval that decided; the state is hot or cold exactly when it lies outside ``bounds`` (unless a
    floor says otherwise). ``None`` where the judge has none.
    """
    method: Method | None
    """The estimator and its version; ``None`` where nothing was estimated."""
    minutes_to_decide: float | None
    """Where undecided: after how many more minutes it would be decided, if the ratio stays as it is."""
    must_have_data: bool
    """Whether silence of this metric makes the run inconclusive."""
    name: str
    """The metric's name."""
    notes: list[Note]
    """What preprocessing dropped or changed on this metric."""
    p_value: float | None
    """Two-sided p-value of "the ratio lies within the bounds"; ``None`` where the judge has none."""
    peer: Label | None
    """What the peer's rule says, where it was asked."""
    points: Points
    """The points of both sides."""
    ratio: float | None
    """Canary over baseline in ``window``; ``None`` where undefined or infinite, or where only a bound of it is
    known.
    """
    reason: Reason
    """Why."""
    region: str | None
    """Its region; ``None`` where the input has none."""
    rules: list[int]
    """The rules that shaped the judgement: indices into ``config.rules``, in order."""
    series: Series | None
    """The series of both sides, where asked for."""
    shapes: list[ShapeFinding]
    """Shapes in which the canary differs at the same level, with their numbers."""
    state: State
    """Hot, cold, ok or nodata."""
    weight: float
    """The weight within its group."""
    window: Window | None
    """The part of the run that ratio, interval and averages are about: the one that decided."""


class Model(Record):
    """The fitted curve."""

    __slots__ = ()

    aicc: float | None
    """Corrected Akaike criterion; smaller is better. ``None`` in an open loop, where there is one candidate."""
    name: ModelName
    """Which."""
    parameters: Parameters
    """Its parameters."""


class Noise(Record):
    """How much more than time noise separates equal machines."""

    __slots__ = ()

    control: float | None
    """The same of the control against the baseline, where there is a control."""
    observed: float | None
    """The spread of this run's own standardised log ratios, 1 where time noise explains them all. Far above 1
    most metrics differ by more than their minutes explain: machine differences, or a change of almost
    everything. ``None`` below 20 metrics.
    """
    widening: float
    """What every interval was widened by: that of the control, at least 1."""


class Note(Record):
    """Something that was dropped, changed or odd."""

    __slots__ = ()

    code: NoteCode
    """What happened."""
    count: int
    """How many rows, points or ticks."""
    detail: str | None
    """A name or a value that belongs to it."""
    side: Side | None
    """On which side, where it has one."""


class Objective(Record):
    """At most ``share`` of the requests may fail, or take longer than ``limit_ms``. Written ``p99<120ms``
    (errors and replies slower than 120 ms are together at most 1 %), ``errors<0.1%`` (errors alone),
    ``bad(120ms)<0.5%`` (as ``p99.5<120ms``).
    """

    __slots__ = ()

    limit_ms: float | None
    """The slowest good reply, milliseconds; ``None`` where only errors count."""
    share: float
    """The largest share of bad requests, 0 to 1, both excluded."""


class Onset(Record):
    """When a change began."""

    __slots__ = ()

    at: str | None
    """The time of that tick, RFC 3339; ``None`` without a clock."""
    minutes: float
    """Minutes from the start of the grid."""
    tick: int
    """The first changed tick of the grid, from 0."""


class Parameter(Record):
    """A parameter with its interval."""

    __slots__ = ()

    estimate: float
    """The likeliest value."""
    lower: float | None
    """The lower end; ``None`` where the fit has no degree of freedom left."""
    upper: float | None
    """The upper end."""


class Parameters(Record):
    """The parameters of a curve; those that it does not have are ``None``."""

    __slots__ = ()

    capacity: Parameter | None
    """The plateau, requests a second."""
    ceiling: float | None
    """Throughput that contention alone would allow with ever more clients, γ/σ."""
    gamma: Parameter | None
    """Throughput of one client alone, requests a second (γ; closed loop)."""
    kappa: Parameter | None
    """Crosstalk (κ, β in some texts), 0 to 1."""
    peak_concurrency: float | None
    """Clients at the peak; ``None`` where no retrograde region was seen."""
    sharpness: float | None
    """How sharp the bend is: from 25 on a corner, below 6 a slow bend."""
    sigma: Parameter | None
    """Contention (σ, α in some texts), 0 to 1."""


class Peer(Record):
    """Kayenta's verdict on the same data, by its own rule and its own score."""

    __slots__ = ()

    classification: Outcome2
    """Its verdict."""
    differences: list[PeerDifference]
    """The metrics on which it differs from the judge in force."""
    reason: str | None
    """Why the score is 0 whatever the metrics say."""
    score: float
    """Its score, of the region it scores lowest."""


class PeerDifference(Record):
    """A metric on which the two differ."""

    __slots__ = ()

    label: Label
    """What the peer says."""
    metric: str
    """The metric."""
    region: str | None
    """Its region."""
    state: State
    """What the judge in force says."""
    weaknesses: list[Weakness]
    """The weaknesses of its rule each of which, mended alone, would have made it agree. Empty where none
    explains the difference.
    """


class Points(Record):
    """How much data a comparison rests on."""

    __slots__ = ()

    baseline: int
    """Usable points of the baseline; 0 of a measured metric."""
    canary: int
    """Usable points of the canary."""
    effective: float | None
    """How many independent points the comparison is worth, autocorrelation taken into account."""


class Reason(Record):
    """Why a metric has its state, with the numbers that decided."""

    __slots__ = ()

    code: Literal["above_upper_bound", "below_lower_bound", "within_bounds", "overlaps_bound", "below_floor", "shape", "kayenta", "baseline_zero", "canary_zero", "both_zero", "missing_in_canary", "missing_in_baseline", "no_values", "not_finite", "no_common_times", "too_few_points", "low_coverage", "related_missing", "related_without_values", "no_traffic", "no_events", "sample_size_bias", "not_measured", "only_bounds", "different_tests", "name_taken", "opposite_averages", "mixed_signs"]
    """What the others mean."""
    baseline: float | None
    """What the baseline's events were looked for in: its denominator, added up."""
    canary: float | None
    """The same of the canary."""
    change: float | None
    """Canary average minus baseline average, in the metric's unit."""
    estimate: float | None
    """The estimated shift."""
    floor: float | None
    """The floor of the rule."""
    found: int | None
    """Usable points found."""
    key: RelatedKey | None
    """The key."""
    label: Label | None
    """Its label."""
    limit: float | None
    """The most that is taken for stray."""
    lower: float | None
    """The interval's lower end; ``None`` where no test was made."""
    metric: str | None
    """The metric, or the pattern, that was found."""
    needed: float | None
    """Requests it takes: 10 beyond the quantile."""
    quantile: float | None
    """The quantile."""
    requests: float | None
    """Requests in the median tick of the side with fewer."""
    shape: Shape | None
    """Which."""
    share: float | None
    """The share of the usable pairs whose signs disagree with the rest."""
    side: Side | None
    """The side without a number; the baseline where neither has one."""
    upper: float | None
    """The interval's upper end."""


class RegionResult(Record):
    """The result of one region."""

    __slots__ = ()

    counts: Counts
    """Its metrics by state."""
    groups: list[GroupScore]
    """Its groups, by name."""
    name: str | None
    """The region; ``None`` where the input has none."""
    reasons: list[VerdictReason]
    """Why the verdict is what it is."""
    score: float | None
    """Its score, capped so that it never contradicts the verdict."""
    score_interval: Interval | None
    """The interval of the weighted share; ``None`` where the judge has none."""
    score_uncapped: float | None
    """The weighted share itself."""
    verdict: Verdict
    """Its own verdict."""


class ReplayFields(Record):
    """What every look said, and the last one's report. `````` use canary_core::{Config, Judge, MetricData,
    MetricSet, TimeGrid, config::Span, replay::Replay}; let minute = Span::from_ms(60_000); let old: Vec<f64>
    = (0..120).map(|minute| 100.0 + f64::from(minute % 7)).collect(); let new: Vec<f64> =
    old.iter().map(|value| value * 1.5).collect(); let mut metrics = MetricSet::builder(TimeGrid::new(minute,
    120)); metrics.add(&MetricData::new("latency_ms").baseline(&old).canary(&new))?; let judge =
    Judge::new(Config::default())?; let replay = Replay::run(&judge, &metrics.build()?, Span::from_ms(30 *
    60_000), &mut |_| {})?; let stopped = replay.stopped.expect("a canary that is half as slow again");
    assert_eq!((stopped.minutes, replay.looks.len(), replay.budget.looks), (30.0, 1, 4)); # Ok::<(), Box<dyn
    std::error::Error>>(()) ``````
    """

    __slots__ = ()

    budget: Budget
    """What the looks share."""
    looks: list[LookResult]
    """The looks that were taken, in order of time; none after the one that stopped."""
    report: ReportFields
    """The last look's report."""
    schema_version: int
    """``SCHEMA_VERSION``."""
    stopped: Stopped | None
    """Where a running canary would have been stopped; ``None`` where it would have gone on to the end."""


class ReportFields(Record):
    """Everything that a run says."""

    __slots__ = ()

    builds: Builds
    """The builds compared."""
    config: Config
    """The configuration in force."""
    counts: Counts
    """All metrics by state."""
    fairness: list[Fairness]
    """Whether the sides can be compared: what was looked at, and what was found."""
    findings: list[Finding]
    """Metrics that moved together, what costs the most score first."""
    groups: list[GroupScore]
    """Each group over all regions, by name."""
    inputs: Inputs
    """What was compared."""
    metrics: list[MetricResult]
    """Each metric: critical first, then by weight, then by distance beyond the bounds, then by name."""
    noise: Noise
    """How much more than time noise separates the sides."""
    notes: list[Note]
    """What was dropped or changed on the way."""
    peer: Peer | None
    """What the peer's rule says of the same data, where it was asked."""
    reasons: list[VerdictReason]
    """Why the verdict is what it is: the worst region's reasons."""
    regions: list[RegionResult]
    """Each region, by name."""
    schema_version: int
    """``SCHEMA_VERSION``."""
    score: float | None
    """The worst region's score, capped so that it never contradicts the verdict."""
    score_all: float | None
    """The score over all regions together, uncapped."""
    score_interval: Interval | None
    """The interval of the score; ``None`` where the judge has none."""
    score_uncapped: float | None
    """The worst region's score before capping."""
    seed: int
    """The seed of the randomised methods."""
    thresholds: Thresholds
    """The thresholds that the verdict was held against."""
    tipping: Tipping | None
    """The fewest metrics without which the verdict would be another one; ``None`` where no such set was found."""
    verdict: Verdict
    """The worst region's verdict."""
    worst_region: str | None
    """The worst region, whose verdict and score are the run's; ``None`` where the input has no regions."""


class Rule(Record):
    """A rule: metrics whose name matches get what it sets. What it leaves out comes from later rules, then from
    the defaults.
    """

    __slots__ = ()

    bounds: BoundsChange | None
    """Bounds on canary/baseline; an end that is left out is the default's."""
    critical: bool | None
    """One such metric against its direction fails the run."""
    denominator: str | None
    """What a count is counted over: the name of another metric of the same region, or a pattern whose matches
    are added up. ``$1``, ``$2``… is what the first, second… ``*`` (or group) of ``match`` stands for.
    """
    direction: Direction | None
    """Which change counts against the canary."""
    floor: float | None
    """A change of the average smaller than this, in the metric's unit, never counts."""
    group: str | None
    """The group that the metrics count in."""
    judge: JudgeKind | None
    """The rule of comparison."""
    kind: Kind | None
    """What the values are."""
    level: float | None
    """The level of the metric's own interval."""
    match: list[str] | str
    """A pattern on the metric's name, or several. ``*`` is any text, ``?`` any character, nothing else is
    special; a pattern between slashes is a regular expression. May be left out where a preset is named.
    """
    min_coverage: float | None
    """Where one side has less than this share of the other's points, the metric is nodata."""
    min_points: int | None
    """Fewer usable points than this are nodata."""
    must_have_data: bool | None
    """Without data for such a metric the run is inconclusive."""
    normalise_by: str | None
    """The traffic that the values grow with, named as ``denominator`` is: each side is divided by its own."""
    outliers: Outliers | None
    """What is done about outliers."""
    preset: Preset | None
    """A ready-made rule: its patterns, group and direction stand where this rule leaves them out."""
    quantile: float | None
    """Which quantile the values are, such as 0.99."""
    requests: str | None
    """The number of requests behind each value, named as ``denominator`` is: the weight of a mean, the sample
    size of a quantile.
    """
    shapes: list[Shape] | None
    """Shapes that count: such a metric is hot or cold though its level is not. The others are only flagged."""
    unit: Unit | None
    """What varies by chance: the instance or the minute."""
    weight: float | None
    """The weight within the group."""


class ScalingFields(Record):
    """A plan: the target per instance and what follows from it."""

    __slots__ = ()

    alb_target_value: float
    """For ``ALBRequestCountPerTarget``, which counts requests a *minute* and target."""
    growth_over_lag: float
    """How much traffic grows in that time, as a factor."""
    instances_at_peak: int | None
    """Instances for the forecast peak; ``None`` without a forecast."""
    lag_seconds: float
    """From the growth of traffic to the instance that meets it, seconds: metric, evaluation, start, warm-up."""
    max_instances: int | None
    """Instances never to go above."""
    min_instances: int | None
    """Instances never to go below."""
    scale_in_seconds: float
    """How long load must be low before instances are taken away, seconds."""
    status: Status | None
    """What the sweet spot came from; ``None`` where the caller gave a number."""
    sweet_spot_rps: float
    """What one instance sustains, requests a second: the lower end of the sweet spot."""
    target_rps: float
    """Requests a second and instance to aim at, for a scaler that acts on any excess."""
    target_rps_with_tolerance: float
    """The same for a scaler that tolerates ``ScalingInput::tolerance`` (``HorizontalPodAutoscaler``, KEDA)."""
    target_utilisation: float
    """``target_rps`` over the sweet spot."""
    warm_seconds: float
    """Warm-up after an instance takes traffic, seconds: what AWS counts from ``InService``."""


class Series(Record):
    """The aligned series of one metric as the judge saw them, on the common grid."""

    __slots__ = ()

    baseline: list[float | None]
    """One value a tick, ``None`` where the baseline has none."""
    baseline_band: Band | None
    """The baseline's instances about it, where it has several."""
    canary: list[float | None]
    """One value a tick, ``None`` where the canary has none."""
    canary_band: Band | None
    """The canary's instances about it, where it has several."""


class ShapeFinding(Record):
    """A shape that was found."""

    __slots__ = ()

    direction: ShapeDirection | None
    """More or less of it; ``None`` for a shape that has no opposite."""
    onset_tick: int | None
    """The first tick of the grid it was seen at, for shapes that have one."""
    p_value: float | None
    """Two-sided p-value of "the sides differ by no more than a bound": 1.25 times the spread, 1.5 times as many
    high values; for spikes, "not at all". ``None`` where nothing was tested.
    """
    shape: Shape
    """Which."""
    size: float | None
    """How much, in the shape's own measure; ``None`` where it is infinite."""


class SideInput(Record):
    """What one side's input held."""

    __slots__ = ()

    instances: int
    """Distinct instances; 0 where the input has none."""
    metrics: int
    """Distinct (metric, region) pairs."""
    rows: int
    """Rows taken in."""
    sources: list[str]
    """Where it came from, as the caller named it; empty where it came from memory."""


class Size(Record):
    """How large a change is, whatever its direction: 1.5 is half as much again, or two thirds of it."""

    __slots__ = ()

    factor: float | None
    """The median factor over the members from the onset on, 1 or more; ``None`` where it is infinite."""
    interval: Interval | None
    """Its interval; ``None`` where the members do not give one."""


class Slo(Record):
    """All objectives; each must hold. Without any, the sweet spot is the capacity."""

    __slots__ = ()

    objectives: list[Objective]
    """The objectives."""


class SqueezeComparison(Record):
    """The ratio canary/baseline of the sweet spots, in the words of a metric."""

    __slots__ = ()

    baseline: Estimate | None
    """The baseline's sweet spot; ``None`` where its test gave none."""
    bounds: Bounds
    """The bounds it was held against."""
    canary: Estimate | None
    """The canary's."""
    evidence: Evidence
    """Whether the interval decides."""
    interval: Interval | None
    """Its interval; an end is ``None`` where a bound leaves it open."""
    ratio: float | None
    """Canary over baseline; ``None`` where either is only a bound."""
    reason: ComparisonReason
    """Why."""
    state: State
    """Hot: the canary sustains more. Cold: less. Exactly where the interval lies outside of the bounds."""


class SqueezeFields(Record):
    """Everything that a squeeze test says. Rates are requests a second for what was under load."""

    __slots__ = ()

    capacity: Estimate | None
    """Good replies a second when more is offered than can be served."""
    comparison: SqueezeComparison | None
    """How it compares with the old build's test, where there is one (``SqueezeReport::against``)."""
    decided_by: list[int]
    """The steps that decided, by their place in ``steps``."""
    kind: SqueezeKind | None
    """How throughput ends; ``None`` where its end was not seen."""
    knee: float | None
    """The knee of the curve (rate, or clients in a closed loop): a property of the rates tested, for
    information.
    """
    loop: LoadLoop | None
    """Open or closed; ``None`` where there are no steps."""
    model: Model | None
    """The curve."""
    notes: list[LoadNote]
    """What the parser left out, changed or doubts."""
    projection: float | None
    """Where capacity was not seen: what a queue with the latencies seen would have; a projection, no
    measurement.
    """
    reasons: list[SqueezeReason]
    """Why, the deciding one first."""
    required: float | None
    """The throughput that is asked for (``SqueezeReport::meets``)."""
    schema_version: int
    """``SCHEMA_VERSION``."""
    seed: int
    """The seed of the resampling."""
    slo: Slo
    """The objectives."""
    slo_crossing: Estimate | None
    """The highest rate at which the objectives hold; ``None`` without objectives."""
    status: Status
    """What the test showed."""
    steps: list[StepResult]
    """Each step, in the order of the run."""
    sweet_spot: Estimate | None
    """The lower of both: what one instance sustains. Its ``lower`` is the number to scale by."""
    tool: str | None
    """The load tool."""
    unit: str | None
    """What is counted; ``None`` means requests."""
    units: list[UnitResult]
    """Each instance and repeat by itself, where there are several."""


class StepResult(Record):
    """One step as it was judged."""

    __slots__ = ()

    bad_share: float | None
    """The share of bad requests under the strictest objective, 0 to 1; ``None`` without objectives or latencies."""
    concurrency: int | None
    """Clients; ``None`` in an open loop."""
    errors: int
    """Requests that failed."""
    goodput: float | None
    """Good replies a second; ``None`` where the step says none."""
    instance: str | None
    """The instance under load."""
    offered: float | None
    """Requests a second that were meant to be sent; ``None`` in a closed loop."""
    reason: StepReason | None
    """Why not, or what it showed."""
    repeat: int | None
    """The repeat."""
    used: bool
    """Whether the step is part of the evidence."""


class Stopped(Record):
    """Why a run stops before its end, and when."""

    __slots__ = ()

    at: str | None
    """When, RFC 3339; ``None`` where the data carry no clock."""
    because: list[str]
    """What no later look would undo."""
    minutes: float
    """Minutes since both sides lived."""
    verdict: Verdict
    """The verdict at that look."""


class Suspect(Record):
    """The newest build where it looks worse than its level: run it again, then decide."""

    __slots__ = ()

    build: str
    """The build."""
    change: float
    """Value over level, less 1."""
    direction: Moved
    """Which way it went."""
    expected: float
    """The level it is held against."""
    index: int
    """Its place in the history."""
    instances: int | None
    """Instances that it would cost at the peak."""
    interval: Interval
    """The interval of ``change``: of one build, so it is wide."""
    is_bound: bool
    """Whether the number is only a bound."""
    value: float
    """Its own number; an upper bound where ``is_bound``."""
    z: float
    """How many standard errors off."""


class Thresholds(Record):
    """The scores that divide pass, marginal and fail: 0 <= marginal <= pass <= 100."""

    __slots__ = ()

    marginal: float | None
    """The score below which a run fails, not above ``pass``; 75, or ``pass`` if lower, where it is left out."""
    pass_: float | None
    """The score from which a run passes; 95 where it is left out."""


class Tipping(Record):
    """The fewest metrics without which the verdict would be another one."""

    __slots__ = ()

    metrics: list[MetricKey]
    """The metrics, in the order of the report."""
    verdict: Verdict
    """What the verdict would be."""


class TrendFields(Record):
    """Everything that a trend says."""

    __slots__ = ()

    builds: int
    """Builds of the series with a number or a bound."""
    changes: list[Change]
    """Confirmed changes, oldest first."""
    levels: list[Level]
    """Its levels, oldest first."""
    missing: int
    """Builds of the series without."""
    needed: int | None
    """Fewest of them in which a change can be found."""
    newest_unknown: str | None
    """The newest build where it has neither a number nor a bound: nothing is known of it."""
    other_series: int
    """Builds of other series, left out."""
    regressed: bool | None
    """Whether the latest fall is not made good: the newest level is worse than the one before the fall, by the
    smallest change that is reported or more. A regression is a fall, and so are several in a row.
    """
    schema_version: int
    """``SCHEMA_VERSION``."""
    series: str
    """The series judged: the newest build's."""
    suspect: Suspect | None
    """The newest build with a number, where it looks worse than its level."""


class UnitResult(Record):
    """One instance or one repeat by itself."""

    __slots__ = ()

    capacity: Estimate | None
    """Its capacity."""
    instance: str | None
    """The instance."""
    repeat: int | None
    """The repeat."""
    slo_crossing: Estimate | None
    """Its crossing."""
    status: Status
    """What it shows alone."""
    sweet_spot: Estimate | None
    """Its sweet spot."""


class VerdictReason(Record):
    """Why a verdict is what it is, with the numbers that decided."""

    __slots__ = ()

    code: Literal["score_passes", "score_below_pass", "score_uncertain", "score_below_marginal", "critical_failed", "required_without_data", "required_rule_without_metric", "no_data", "all_idle", "ends_early", "not_comparable", "required_ends_early", "too_much_ends_early", "identical_sides", "one_side_idle", "stands_still", "too_much_without_data", "too_much_undecided", "evidence_required"]
    """What the others mean."""
    baseline: float | None
    """The baseline's number, where it has one."""
    canary: float | None
    """The canary's number, where it has one."""
    check: Check | None
    """In what."""
    limit: float | None
    """The most that is allowed."""
    lower: float | None
    """The lower end."""
    marginal: float | None
    """The threshold that it misses."""
    metric: str | None
    """The metric."""
    pass_: float | None
    """The threshold that it misses."""
    patterns: list[str]
    """Its patterns."""
    rule: int | None
    """Its index in ``config.rules``."""
    share: float | None
    """The share of the judged weight that is undecided."""
    side: Side | None
    """The side that stands still."""
    undecided: int | None
    """How many are undecided."""
    values_: int | None
    """How many pairs of values."""

