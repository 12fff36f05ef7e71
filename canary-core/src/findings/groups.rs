//! Metrics of one cause: clusters by average linkage over the evidence of every pair.

/// Clusters of the indices 0 to `count`, each rising, by their first: two clusters become one while the mean evidence
/// between their members is for it, the best first (average linkage: Sokal & Michener 1958). One odd pair neither joins
/// two causes nor tears one apart. `evidence` is asked once a pair. Cost: O(count²) evidence, O(count³) at worst.
pub(crate) fn groups(count: usize, evidence: impl Fn(usize, usize) -> f64) -> Vec<Vec<usize>> {
    let mut clusters: Vec<Cluster> = Vec::with_capacity(count);
    for index in 0..count {
        let between = (0..index).map(|other| evidence(other, index)).collect();
        clusters.push(Cluster { members: vec![index], between });
    }
    while let Some((kept, absorbed)) = nearest(&clusters) {
        merge(&mut clusters, kept, absorbed);
    }
    let mut groups: Vec<Vec<usize>> = clusters.into_iter().map(|cluster| cluster.members).collect();
    for members in &mut groups {
        members.sort_unstable();
    }
    groups.sort_unstable();
    groups
}

struct Cluster {
    members: Vec<usize>,
    /// The summed evidence between its members and those of each cluster before it.
    between: Vec<f64>,
}

/// The two clusters with the highest mean evidence, if that is positive; the earlier ones of equals.
fn nearest(clusters: &[Cluster]) -> Option<(usize, usize)> {
    let mut best: Option<(f64, usize, usize)> = None;
    for (later, cluster) in clusters.iter().enumerate() {
        for ((earlier, other), sum) in clusters.iter().enumerate().zip(&cluster.between) {
            let mean = sum / (cluster.members.len() * other.members.len()) as f64;
            if mean > 0.0 && best.is_none_or(|(highest, ..)| mean > highest) {
                best = Some((mean, earlier, later));
            }
        }
    }
    best.map(|(_, earlier, later)| (earlier, later))
}

/// Puts the cluster `absorbed` into `kept`, which comes before it.
fn merge(clusters: &mut Vec<Cluster>, kept: usize, absorbed: usize) {
    let gone = clusters.remove(absorbed);
    let mut with_gone: Vec<f64> = gone.between;
    for cluster in clusters.iter_mut().skip(absorbed) {
        with_gone.push(cluster.between.remove(absorbed));
    }
    // `with_gone` now runs over the clusters that are left, itself left out.
    for (place, cluster) in clusters.iter_mut().enumerate() {
        match place.cmp(&kept) {
            std::cmp::Ordering::Less => {}
            std::cmp::Ordering::Equal => {
                cluster.members.extend(&gone.members);
                cluster.between.iter_mut().zip(&with_gone).for_each(|(sum, more)| *sum += more);
            }
            std::cmp::Ordering::Greater => {
                if let (Some(sum), Some(more)) = (cluster.between.get_mut(kept), with_gone.get(place)) {
                    *sum += more;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joins_what_is_for_it_on_average() {
        // 0, 1 and 2 are one; 3 and 4 are one; 2 and 3 look alike, which alone joins nothing.
        let evidence = |a: usize, b: usize| match (a, b) {
            (0 | 1, 2) | (0, 1) | (3, 4) => 2.0,
            (2, 3) => 1.5,
            _ => -2.0,
        };
        assert_eq!(groups(5, evidence), [vec![0, 1, 2], vec![3, 4]]);
        assert_eq!(groups(3, |_, _| -1.0), [[0], [1], [2]]);
        assert_eq!(groups(0, |_, _| 1.0), Vec::<Vec<usize>>::new());
    }

    /// The definition, from scratch at each step: the oracle of the running sums.
    fn slow(count: usize, evidence: impl Fn(usize, usize) -> f64) -> Vec<Vec<usize>> {
        let mut clusters: Vec<Vec<usize>> = (0..count).map(|index| vec![index]).collect();
        loop {
            let mut best = (0.0, 0, 0);
            for a in 0..clusters.len() {
                for b in a + 1..clusters.len() {
                    let pairs: Vec<f64> = clusters[a]
                        .iter()
                        .flat_map(|&x| clusters[b].iter().map(move |&y| (x.min(y), x.max(y))))
                        .map(|(x, y)| evidence(x, y))
                        .collect();
                    let mean = pairs.iter().sum::<f64>() / pairs.len() as f64;
                    if mean > best.0 {
                        best = (mean, a, b);
                    }
                }
            }
            if best.0 <= 0.0 {
                break;
            }
            let gone = clusters.remove(best.2);
            clusters[best.1].extend(gone);
        }
        for cluster in &mut clusters {
            cluster.sort_unstable();
        }
        clusters.sort_unstable();
        clusters
    }

    #[test]
    fn running_sums_agree_with_the_definition() {
        for seed in 0..50_usize {
            // All different, so that no tie decides.
            let evidence = |a: usize, b: usize| ((a * 31 + b * 17 + seed * 101) * 7919 % 10_007) as f64 / 2501.75 - 2.5;
            assert_eq!(groups(9, evidence), slow(9, evidence), "{seed}");
        }
    }
}
