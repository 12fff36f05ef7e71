//! Several runs of one test as one.

use canary_core::squeeze::LoadRun;

/// The runs, repeats of one test, as a run of all their steps; each step says its repeat where there are several.
/// `None` without any.
#[must_use]
pub fn repeats(runs: impl IntoIterator<Item = LoadRun>) -> Option<LoadRun> {
    let mut runs = runs.into_iter();
    let mut all = runs.next()?;
    let Some(second) = runs.next() else { return Some(all) };
    all.steps.iter_mut().for_each(|step| step.repeat = Some(0));
    for (repeat, mut run) in (1_u32..).zip(std::iter::once(second).chain(runs)) {
        let before = all.steps.len();
        run.steps.iter_mut().for_each(|step| step.repeat = Some(repeat));
        run.notes.iter_mut().for_each(|note| note.step = note.step.map(|step| step + before));
        all.steps.append(&mut run.steps);
        all.notes.append(&mut run.notes);
    }
    Some(all)
}

#[cfg(test)]
mod tests {
    use canary_core::squeeze::{Load, LoadNote, LoadNoteCode, LoadStep};

    use super::*;

    fn run(rates: &[f64]) -> LoadRun {
        let note = LoadNote { step: Some(0), ..LoadNote::new(LoadNoteCode::CutOffAtEnd, 3) };
        let steps = rates.iter().map(|&rate| LoadStep::new(Load::Open { rate }, 10.0)).collect();
        LoadRun { steps, notes: vec![note], ..LoadRun::default() }
    }

    #[test]
    fn steps_say_their_repeat_and_notes_keep_their_step() {
        assert_eq!(repeats([]), None);
        assert_eq!(repeats([run(&[1.0])]), Some(run(&[1.0])), "one run is no repeat");
        let all = repeats([run(&[1.0, 2.0]), run(&[3.0]), run(&[4.0])]).unwrap();
        let of = |step: &LoadStep| (step.load, step.repeat);
        let open = |rate| Load::Open { rate };
        let expected = [(1.0, 0), (2.0, 0), (3.0, 1), (4.0, 2)].map(|(rate, repeat)| (open(rate), Some(repeat)));
        assert_eq!(all.steps.iter().map(of).collect::<Vec<_>>(), expected);
        assert_eq!(all.notes.iter().map(|note| note.step).collect::<Vec<_>>(), [Some(0), Some(2), Some(3)]);
    }
}
