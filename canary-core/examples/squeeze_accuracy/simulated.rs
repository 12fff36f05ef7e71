//! Drawn servers with what is known of them.

use canary_core::squeeze::{Objective, Slo};

use crate::recorded::Known;
use crate::simulate::{Random, Scene, Server};

/// Of nine servers in turn.
const SCENES: [Scene; 9] = [
    Scene::Full,
    Scene::Full,
    Scene::Full,
    Scene::Full,
    Scene::Stall,
    Scene::Stall,
    Scene::Unsaturated,
    Scene::SaturatedFromStart,
    Scene::Flip,
];

/// The servers of these seeds, with their runs.
pub(crate) fn simulated(seeds: std::ops::Range<u64>) -> Vec<Known> {
    seeds.map(one).collect()
}

fn one(seed: u64) -> Known {
    let scene = SCENES[usize::try_from(seed).unwrap() % SCENES.len()];
    let mut random = Random::new(seed);
    let server = Server::drawn(scene, &mut random);
    let capacity = server.capacity();
    let accepted: &[&str] = match scene {
        Scene::Full | Scene::Stall => &["measured"],
        Scene::Unsaturated => &["lower_bound", "measured"],
        Scene::SaturatedFromStart => &["saturated_from_start"],
        Scene::Flip => &["unstable", "measured"],
    };
    Known {
        name: format!("seed {seed}"),
        run: server.run(&mut random),
        slo: Slo { objectives: vec![Objective { limit_ms: Some(server.limit_ms), share: server.share }] },
        capacity: (capacity, capacity),
        crossing: Some(server.crossing(seed)),
        accepted: accepted.iter().map(|&word| word.to_owned()).collect(),
        kind: format!("{scene:?}").to_lowercase(),
    }
}
