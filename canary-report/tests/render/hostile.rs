//! Names that mean something to a terminal, to Markdown, XML or GitHub change nothing but themselves.

use canary_core::Report;
use canary_core::report::{Verdict, VerdictReason};
use canary_report::{TableOptions, github, json, junit, markdown, table};
use insta::assert_snapshot;
use proptest::prelude::*;
use unicode_width::UnicodeWidthStr;

use crate::sample;

#[test]
fn a_terminal_shows_them_as_text() {
    assert_snapshot!(table(&sample::hostile(), &TableOptions::default()), @r#"
✗ FAIL: do not roll out   score 0.0 (pass >= 95, marginal >= 75)
In a\u{1b}[31m|`<b>x</b>\u{d}\u{a}::error::… &amp; ]]> \u{202e}\u{fffe}@me *y*
  名前: critical metric a\u{1b}[31m|`<b>x</b>\u{d}\u{a}::error::… &amp; ]]>
  \u{202e}\u{fffe}@me *y* 名前 is too high: ratio 1.500 > 1.25.
3 metrics in 2 regions: 1 hot, 1 nodata, 1 ok
480 ticks of 1m, a\u{1b}[31m|`<b>x</b>\u{d}\u{a}::error::… &amp; ]]>
  \u{202e}\u{fffe}@me *y* 名前 to 2026-08-22T18:00:00Z
baseline baseline.parquet, canary a\u{1b}[31m|`<b>x</b>\u{d}\u{a}::error::…
  &amp; ]]> \u{202e}\u{fffe}@me *y* 名前

        region                                      score  hot  cold  nodata  ok
✗ FAIL  a\u{1b}[31m|`<b>x</b>…\u{fffe}@me *y* 名前    0.0    1     0       1   0
✓ PASS  ""                                          100.0    0     0       0   1
        group
✗       a\u{1b}[31m|`<b>x</b>…\u{fffe}@me *y* 名前    0.0    1     0       0   0
?       other                                           -    0     0       1   0
✓       ""                                          100.0    0     0       0   1

Against the canary, worst first (HOT too high, ! critical)
       metric                region                ratio  98 % interval   bound
! HOT  a\u{1b}[31… *y* 名前  a\u{1b}[31… *y* 名前  1.500  [1.485, 1.515]  > 1.25
not shown: 1 nodata (1 missing in baseline); 1 ok

note: no metric belongs to group a\u{1b}[31m|`<b>x</b>\u{d}\u{a}::error::… &amp;
  ]]> \u{202e}\u{fffe}@me *y* 名前
"#);
}

#[test]
fn markdown_shows_them_as_text() {
    assert_snapshot!(markdown(&sample::hostile()), @r#"
## ❌ Canary FAIL: do not roll out

- **score 0.0 (pass >= 95, marginal >= 75)**
- In a&#92;u{1b}&#91;31m&#124;&#96;&#60;b>x&#60;/b>&#92;u{d}&#92;u{a}::error::… &#38;amp; ]]> &#92;u{202e}&#92;u{fffe}&#64;me &#42;y&#42; 名前: critical metric a&#92;u{1b}&#91;31m&#124;&#96;&#60;b>x&#60;/b>&#92;u{d}&#92;u{a}::error::… &#38;amp; ]]> &#92;u{202e}&#92;u{fffe}&#64;me &#42;y&#42; 名前 is too high: ratio 1.500 > 1.25.
- 3 metrics in 2 regions: 1 hot, 1 nodata, 1 ok
- 480 ticks of 1m, a&#92;u{1b}&#91;31m&#124;&#96;&#60;b>x&#60;/b>&#92;u{d}&#92;u{a}::error::… &#38;amp; ]]> &#92;u{202e}&#92;u{fffe}&#64;me &#42;y&#42; 名前 to 2026-08-22T18:00:00Z
- baseline baseline.parquet, canary a&#92;u{1b}&#91;31m&#124;&#96;&#60;b>x&#60;/b>&#92;u{d}&#92;u{a}::error::… &#38;amp; ]]> &#92;u{202e}&#92;u{fffe}&#64;me &#42;y&#42; 名前

### Regions

| region | verdict | score | hot | cold | nodata | ok |
|---|---|--:|--:|--:|--:|--:|
| <code>a&#92;u{1b}&#91;31m&#124;&#96;&#60;b>x&#60;/b>&#92;u{d}&#92;u{a}::error::%0A &#38;amp; ]]> &#92;u{202e}&#92;u{fffe}&#64;me &#42;y&#42; 名前</code> | ❌ FAIL | 0.0 | 1 | 0 | 1 | 0 |
| `""` | ✅ PASS | 100.0 | 0 | 0 | 0 | 1 |

### Groups

| group | weight | score | hot | cold | nodata | ok |
|---|--:|--:|--:|--:|--:|--:|
| <code>a&#92;u{1b}&#91;31m&#124;&#96;&#60;b>x&#60;/b>&#92;u{d}&#92;u{a}::error::%0A &#38;amp; ]]> &#92;u{202e}&#92;u{fffe}&#64;me &#42;y&#42; 名前</code> | 1 | 0.0 | 1 | 0 | 0 | 0 |
| `other` | 1 | - | 0 | 0 | 1 | 0 |
| `""` | 1 | 100.0 | 0 | 0 | 0 | 1 |

### Against the canary, most important first

HOT: the canary is too high. COLD: too low.

| state | metric | region | group | ratio | interval | bound | baseline | canary |
|---|---|---|---|--:|---|---|--:|--:|
| **HOT**, critical | <code>a&#92;u{1b}&#91;31m&#124;&#96;&#60;b>x&#60;/b>&#92;u{d}&#92;u{a}::error::%0A &#38;amp; ]]> &#92;u{202e}&#92;u{fffe}&#64;me &#42;y&#42; 名前</code> | <code>a&#92;u{1b}&#91;31m&#124;&#96;&#60;b>x&#60;/b>&#92;u{d}&#92;u{a}::error::%0A &#38;amp; ]]> &#92;u{202e}&#92;u{fffe}&#64;me &#42;y&#42; 名前</code> | <code>a&#92;u{1b}&#91;31m&#124;&#96;&#60;b>x&#60;/b>&#92;u{d}&#92;u{a}::error::%0A &#38;amp; ]]> &#92;u{202e}&#92;u{fffe}&#64;me &#42;y&#42; 名前</code> | 1.500 | [1.485, 1.515] | > 1.25 | 100 | 150 |

### Without data

| state | metric | region | group | why |
|---|---|---|---|---|
| NODATA | <code>a&#92;u{1b}&#91;31m&#124;&#96;&#60;b>x&#60;/b>&#92;u{d}&#92;u{a}::error::%0A &#38;amp; ]]> &#92;u{202e}&#92;u{fffe}&#64;me &#42;y&#42; 名前</code> | <code>a&#92;u{1b}&#91;31m&#124;&#96;&#60;b>x&#60;/b>&#92;u{d}&#92;u{a}::error::%0A &#38;amp; ]]> &#92;u{202e}&#92;u{fffe}&#64;me &#42;y&#42; 名前</code> | `other` | no data in the baseline |

Other metrics: 1 ok.

### Notes

- no metric belongs to group a&#92;u{1b}&#91;31m&#124;&#96;&#60;b>x&#60;/b>&#92;u{d}&#92;u{a}::error::… &#38;amp; ]]> &#92;u{202e}&#92;u{fffe}&#64;me &#42;y&#42; 名前
"#);
}

#[test]
fn github_reads_one_command_a_line() {
    assert_snapshot!(github(&sample::hostile()), @r#"
::error title=canary FAIL%3A do not roll out::score 0.0 (pass >= 95, marginal >= 75). In a\u{1b}[31m|`<b>x</b>\u{d}\u{a}::error::… &amp; ]]> \u{202e}\u{fffe}@me *y* 名前: critical metric a\u{1b}[31m|`<b>x</b>\u{d}\u{a}::error::… &amp; ]]> \u{202e}\u{fffe}@me *y* 名前 is too high: ratio 1.500 > 1.25. 3 metrics in 2 regions: 1 hot, 1 nodata, 1 ok.
::error title=critical HOT a\u{1b}[31m|`<b>x</b>\u{d}\u{a}%3A%3Aerror%3A%3A… &amp; ]]> \u{202e}\u{fffe}@me *y* 名前 in a\u{1b}[31m|`<b>x</b>\u{d}\u{a}%3A%3Aerror%3A%3A… &amp; ]]> \u{202e}\u{fffe}@me *y* 名前::too high: the interval [1.485, 1.515] lies above the upper bound 1.25
"#);
}

fn named(name: &str) -> Report {
    let metrics = vec![
        sample::within(name, sample::critical(sample::against(name, name, 1.5))),
        sample::within("other", sample::against("metric", "group", 0.5)),
    ];
    let reasons = vec![VerdictReason::CriticalFailed { metric: name.into() }];
    let regions = vec![
        sample::region(Some(name), (Verdict::Fail, Some(0.0)), reasons.clone(), &metrics),
        sample::region(Some("other"), (Verdict::Fail, Some(0.0)), reasons, &metrics),
    ];
    sample::report(regions, metrics)
}

proptest! {
    #[test]
    fn any_name_in_any_format(name in "([\u{0}-\u{ff}]|\\PC|[|`<>&\"'%:,*_\\\\\u{1b}\u{9b}\u{202e}\r\n]){0,60}") {
        let (report, plain) = (named(&name), named("plain"));
        let table = table(&report, &TableOptions::default());
        prop_assert!(table.lines().all(|line| line.width() <= 80), "{table}");
        for text in [&table, &markdown(&report), &github(&report)] {
            prop_assert!(text.chars().all(|character| character == '\n' || !character.is_control()), "{text:?}");
        }
        prop_assert_eq!(github(&report).lines().count(), github(&plain).lines().count());
        prop_assert_eq!(markdown(&report).lines().count(), markdown(&plain).lines().count());
        let cells = |text: String| text.lines().map(|line| line.matches('|').count()).collect::<Vec<_>>();
        prop_assert_eq!(cells(markdown(&report)), cells(markdown(&plain)));
        let parsed = quick_junit::Report::deserialize_from_str(&junit(&report).unwrap()).unwrap();
        prop_assert_eq!(parsed.tests, 3);
        prop_assert_eq!(serde_json::from_str::<Report>(&json(&report).unwrap()).unwrap(), report);
    }
}
