use super::*;
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};
use tch::{Device, Kind, Tensor};

const TIMEOUT: Duration = Duration::from_secs(20);
/// On a busy machine, between an error's time and its arrival.
const MARGIN: Duration = Duration::from_secs(20);

/// Does `work` as every rank of a group of `size`, a thread each; results by rank.
fn ranks<T: Send>(
    size: usize,
    waits: impl Into<Waits>,
    work: impl Fn(Group) -> T + Sync,
) -> Vec<T> {
    let waits = waits.into();
    let meeting = Rendezvous::open("127.0.0.1").expect("opens");
    let (address, work) = (meeting.address(), &work);
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..size)
            .map(|rank| {
                let address = address.clone();
                scope.spawn(move || work(Group::join(&address, rank, size, waits).expect("joins")))
            })
            .collect();
        threads
            .into_iter()
            .map(|t| t.join().expect("no panic"))
            .collect()
    })
}

/// Of many magnitudes, so that another order of a sum shows.
fn numbers(rank: usize, n: usize) -> Vec<f32> {
    (0..n)
        .map(|i| ((i * 37 + rank * 101) % 997) as f32 * 10f32.powi((i + rank) as i32 % 9 - 4))
        .collect()
}

fn vector(tensor: &Tensor) -> Vec<f32> {
    Vec::<f32>::try_from(tensor.reshape([-1])).expect("f32")
}

#[test]
fn sums_are_right_and_the_same_bits_everywhere() {
    // Larger than what Gloo sends at once, of odd sizes, one not contiguous, one empty, one a parameter.
    let sizes: [usize; 3] = [300_001, 12, 0];
    for size in [1, 2, 3] {
        let sums = ranks(size, TIMEOUT, |mut group| {
            assert_eq!(group.size(), size);
            let own = |n: usize| Tensor::from_slice(&numbers(group.rank(), n));
            let tensors = [
                own(sizes[0]).set_requires_grad(true),
                own(sizes[1]).view([3, 4]).tr(),
                own(sizes[2]),
            ];
            group.sum(&tensors).expect("sums");
            let mut small = [group.rank() as f64 + 0.25, f64::from(1u32 << 31)];
            group.sum_f64(&mut small).expect("sums");
            group.sum_f64(&mut []).expect("nothing to do");
            (tensors.iter().map(vector).collect::<Vec<_>>(), small)
        });
        for (tensors, small) in &sums {
            for (tensor, n) in tensors.iter().zip(sizes) {
                let all: Vec<Vec<f32>> = (0..size).map(|rank| numbers(rank, n)).collect();
                // The second one is transposed.
                let place = |i: usize| if n == 12 { i % 3 * 4 + i / 3 } else { i };
                for (i, x) in tensor.iter().enumerate() {
                    let exact: f64 = all.iter().map(|v| f64::from(v[place(i)])).sum();
                    assert!((f64::from(*x) - exact).abs() <= 1e-6 * exact, "{x} {exact}");
                }
            }
            let n = size as f64;
            assert_eq!(*small, [n * (n - 1.0) / 2.0 + 0.25 * n, n * 2f64.powi(31)]);
            let bits =
                |v: &Vec<Vec<f32>>| v.concat().iter().map(|x| x.to_bits()).collect::<Vec<_>>();
            assert_eq!(bits(tensors), bits(&sums[0].0));
        }
    }
}

#[test]
fn broadcasts_come_from_their_root_and_rows_from_their_ranks() {
    let got = ranks(3, TIMEOUT, |mut group| {
        let own = group.rank() as f32;
        let tensors = [Tensor::full(
            [2, 2],
            f64::from(own),
            (Kind::Float, Device::Cpu),
        )];
        group.broadcast(&tensors, 2).expect("broadcasts");
        let of_last = vector(&tensors[0]);
        let rows = group.gather(&[f64::from(own), f64::NAN]).expect("gathers");
        assert!(rows.iter().all(|row| row[1].is_nan()));
        (of_last, rows.iter().map(|row| row[0]).collect::<Vec<f64>>())
    });
    for (tensor, rows) in got {
        assert_eq!((tensor, rows), (vec![2.0; 4], vec![0.0, 1.0, 2.0]));
    }
}

#[test]
fn where_somebody_lacks_a_gpu_tensors_go_by_gloo_at_all_ranks() {
    let got = ranks(2, TIMEOUT, |mut group| {
        // One says that it has a GPU which is not there, the other computes on its CPU.
        let device = match group.rank() {
            0 => Device::Cuda(9999),
            _ => Device::Cpu,
        };
        group.compute_on(device).expect("agrees");
        let tensor = Tensor::from_slice(&[group.rank() as f32, 1.0]);
        group.sum(&[tensor.shallow_clone()]).expect("sums");
        (group.engine(), vector(&tensor))
    });
    assert_eq!(got, [("Gloo", vec![1.0, 2.0]), ("Gloo", vec![1.0, 2.0])]);
    let mut alone = Group::join("", 0, 1, TIMEOUT).expect("joins");
    alone.compute_on(Device::Cpu).expect("nobody to agree with");
    assert_eq!(alone.engine(), "none");
}

#[test]
fn one_bit_of_difference_is_seen_by_all() {
    let got = ranks(3, TIMEOUT, |mut group| {
        let mut values = numbers(0, 1000);
        let same = |group: &mut Group, values: &[f32]| {
            let whole = Tensor::from_slice(values);
            group
                .same(&[whole.narrow(0, 0, 10), whole.narrow(0, 10, 990)])
                .expect("compares")
        };
        let before = same(&mut group, &values);
        if group.rank() == 2 {
            values[500] = f32::from_bits(values[500].to_bits() ^ 1);
        }
        (before, same(&mut group, &values))
    });
    assert_eq!(got, [(true, false); 3]);
}

#[test]
fn what_cannot_be_is_refused_with_a_word_of_advice() {
    let text = |e: CollectiveError| e.to_string();
    let join = |address: &str, rank| Group::join(address, rank, 2, Duration::from_millis(300));
    assert!(text(join("nowhere", 0).expect_err("no port")).contains("host:port"));
    assert!(text(join("127.0.0.1:1", 2).expect_err("no rank")).contains("rank 2 of 2"));
    let begun = Instant::now();
    let nobody = text(join("127.0.0.1:1", 0).expect_err("nobody listens"));
    assert!(nobody.contains("did not come together"), "{nobody}");
    assert!(
        nobody.len() < 700 && nobody.lines().count() == 1,
        "{nobody}"
    );
    // A rendezvous, but the other never comes.
    let meeting = Rendezvous::open("127.0.0.1").expect("opens");
    let alone = text(join(&meeting.address(), 0).expect_err("alone"));
    assert!(alone.contains("did not come together"), "{alone}");
    assert!(begun.elapsed() < MARGIN, "{:?}", begun.elapsed());
    for host in ["0.0.0.0", "192.0.2.1"] {
        assert!(Rendezvous::open(host).is_err(), "{host}");
    }
    let mut one = Group::join("", 0, 1, TIMEOUT).expect("needs no network");
    let ints = one.sum(&[Tensor::from_slice(&[1i64])]);
    assert!(text(ints.expect_err("not f32")).contains("Int64"));
    assert!(one.broadcast(&[], 1).is_err());
}

/// The one that does not answer is alive: nobody closes its connections.
#[test]
fn a_hung_peer_is_an_error_in_time_and_a_new_group_works() {
    let (meet, call) = (3 * TIMEOUT, Duration::from_secs(5));
    // Dropped by rank 0 when it is done, by an assertion that fails, too: nobody waits for ever.
    let (done, is_done) = std::sync::mpsc::channel::<()>();
    let (done, is_done) = (Mutex::new(Some(done)), Mutex::new(is_done));
    let faults = ranks(2, Waits { meet, call }, |mut group| {
        let own = match group.rank() {
            0 => done.lock().expect("whole").take(),
            _ => None,
        };
        let mut one = [1.0];
        group.sum_f64(&mut one).expect("both are there");
        if group.rank() == 1 {
            let _ = is_done.lock().expect("whole").recv();
            return None;
        }
        let begun = Instant::now();
        let lost = group.sum_f64(&mut one);
        let waited = begun.elapsed();
        let again = group.sum_f64(&mut one);
        drop(own);
        assert_eq!(one, [2.0], "as before the error");
        Some((
            lost.expect_err("it hangs"),
            again.expect_err("of no use"),
            waited,
        ))
    });
    let (lost, again, waited) = faults[0].as_ref().expect("rank 0");
    assert!(matches!(lost, CollectiveError::Lost { .. }), "{lost}");
    assert!(matches!(again, CollectiveError::Broken));
    assert!(*waited < call + MARGIN, "{waited:?}");
    let sums = ranks(2, TIMEOUT, |mut group| {
        let mut one = [1.0];
        group.sum_f64(&mut one).expect("a new group");
        one[0]
    });
    assert_eq!(sums, [2.0, 2.0]);
}

/// An update may take longer than the meeting. (That is not shorter here because c10d asks for the name of each address that
/// it connects to, and a name server that does not answer is waited for.)
#[test]
fn a_slow_peer_is_waited_for() {
    let (meet, call) = (Duration::from_secs(12), 3 * TIMEOUT);
    let sums = ranks(2, Waits { meet, call }, |mut group| {
        let mut one = [1.0];
        group.sum_f64(&mut one).expect("both are there");
        if group.rank() == 1 {
            std::thread::sleep(meet + Duration::from_secs(1));
        }
        group.sum_f64(&mut one).expect("it comes");
        let ones = [Tensor::ones([9], (Kind::Float, Device::Cpu))];
        if group.rank() == 0 {
            std::thread::sleep(meet + Duration::from_secs(1));
        }
        group.broadcast(&ones, 0).expect("it comes");
        one[0]
    });
    assert_eq!(sums, [4.0, 4.0]);
}

/// Several groups may begin their first collective at the same moment: what libtorch keeps once a process bears it.
#[test]
fn groups_of_one_process_do_not_disturb_each_other() {
    const BEAT: Duration = Duration::from_millis(250);
    let begun = Instant::now();
    let first_sum = |mut group: Group| {
        let past = begun.elapsed().as_millis() as u32 % BEAT.as_millis() as u32;
        std::thread::sleep(BEAT - Duration::from_millis(past.into()));
        let mut one = [1.0];
        group.sum_f64(&mut one).expect("both are there");
        one[0]
    };
    let several = || (0..10).for_each(|_| assert_eq!(ranks(2, TIMEOUT, first_sum), [2.0; 2]));
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(several);
        }
    });
}

/// Says in the environment that this process is a rank of a group, and where that meets.
const ADDRESS: &str = "SCC_TEST_GROUP";

/// Not a test of its own: rank 2 of 3 that sums until it is killed, for the test below.
#[test]
fn a_rank_in_a_process_of_its_own() {
    let Ok(address) = std::env::var(ADDRESS) else {
        return;
    };
    let mut group = Group::join(&address, 2, 3, TIMEOUT).expect("joins");
    let tensors = [Tensor::ones([100_000], (Kind::Float, Device::Cpu))];
    loop {
        group.sum(&tensors).expect("nobody else dies");
    }
}

#[test]
fn a_killed_rank_is_an_error_to_all_and_the_rest_goes_on() {
    let meeting = Rendezvous::open("127.0.0.1").expect("opens");
    let name = "collective::tests::a_rank_in_a_process_of_its_own";
    let mut child = Command::new(std::env::current_exe().expect("known"))
        .args([name, "--exact", "--test-threads", "1"])
        .env(ADDRESS, meeting.address())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("starts");
    let address = meeting.address();
    let (tell, told) = std::sync::mpsc::channel::<()>();
    let work = |rank: usize, ready: std::sync::mpsc::Sender<()>| {
        let mut group = Group::join(&address, rank, 3, TIMEOUT).expect("joins");
        let ones = [Tensor::ones([100_000], (Kind::Float, Device::Cpu))];
        for sums in 0.. {
            if let Err(fault) = group.sum(&ones) {
                return (sums, fault, Instant::now());
            }
            if sums == 5 {
                ready.send(()).expect("somebody waits");
            }
        }
        unreachable!("sums until an error")
    };
    let (faults, killed) = std::thread::scope(|scope| {
        let threads = [0, 1].map(|rank| {
            let (ready, work) = (tell.clone(), &work);
            scope.spawn(move || work(rank, ready))
        });
        for _ in 0..2 {
            told.recv_timeout(TIMEOUT + MARGIN).expect("sums are made");
        }
        child.kill().expect("it runs"); // SIGKILL
        let killed = Instant::now();
        child.wait().expect("it is ours");
        (threads.map(|t| t.join().expect("no panic")), killed)
    });
    for (sums, fault, when) in faults {
        assert!(sums > 5);
        assert!(matches!(fault, CollectiveError::Lost { .. }), "{fault}");
        let waited = when.saturating_duration_since(killed);
        assert!(waited < TIMEOUT + MARGIN, "{waited:?}");
    }
    let rest = ranks(2, TIMEOUT, |mut group| {
        let tensors = [Tensor::ones([3], (Kind::Float, Device::Cpu))];
        group.sum(&tensors).expect("the rest goes on");
        vector(&tensors[0])
    });
    assert_eq!(rest, [[2.0; 3], [2.0; 3]]);
}
