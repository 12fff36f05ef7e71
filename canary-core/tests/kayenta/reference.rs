//! The test inside the rule against R and direct counts, from `fixtures/vectors/stat.json`.
//! The whole rule on the samples of that file is checked with the file's other vectors, in `tests/vectors`.

use canary_core::kayenta::{RankTest, critical_value};

use crate::stat_file::{Case, Vectors, file, number};

/// Twice the absolute tolerance of the root finder: both ends of its bracket.
const ROOT_ERROR: f64 = 2e-4;

/// Runs `check` on the vectors of a function; answers how many there were.
fn each(function: &str, check: impl Fn(&Case<'_>) -> bool) -> usize {
    let Vectors { samples, regular, .. } = file();
    let matching = regular.iter().filter(|vector| vector.function == function);
    matching.filter(|vector| check(&Case { vector, samples: &samples })).count()
}

fn test(case: &Case<'_>) -> RankTest {
    RankTest::new(&case.side("baseline"), &case.side("canary")).unwrap()
}

#[test]
fn the_statistic_has_the_p_value_of_r() {
    let checked = each("mann_whitney_u", |case| {
        let args = &case.vector.args;
        let p_value = number(&case.vector.expected["p"]);
        // `wilcox.test(exact = FALSE, correct = TRUE)`. Below 1e-6 the complement of p has lost its digits.
        if args["method"] != "normal"
            || args["continuity"] != true
            || args["alternative"] != "two.sided"
            || p_value < 1e-6
        {
            return false;
        }
        let statistic = test(case).statistic(0.0).unwrap();
        // The sample whose ranks are balanced has p = 1 and a statistic of exactly 0.
        case.agrees("statistic", statistic.abs(), critical_value(1.0 - p_value));
        true
    });
    assert!(checked >= 10, "{checked}");
}

#[test]
fn the_interval_is_that_of_r_up_to_the_root_finders_error() {
    let checked = each("hodges_lehmann_shift_ci", |case| {
        let args = &case.vector.args;
        if args["method"] != "normal_root" || args["continuity"] != true {
            return false;
        }
        let found = test(case).shift(number(&args["level"])).unwrap();
        for (key, found) in [("lower", found.lower), ("upper", found.upper)] {
            let expected = number(&case.vector.expected[key]);
            let close = (found - expected).abs() <= ROOT_ERROR + 1e-7 * expected.abs();
            assert!(close, "{} {key}: {found} {expected}", case.vector.id);
        }
        true
    });
    assert!(checked >= 50, "{checked}");
}

#[test]
fn superiority_is_a_share_of_pairs() {
    let checked = each("relative_effect", |case| {
        case.agrees_with(test(case).superiority());
        true
    });
    assert!(checked >= 17, "{checked}");
}
