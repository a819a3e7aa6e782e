//! Envelopes against damage and strangers, and typed messages over the bus in one process. What every bus must do is in
//! `tests/it/bus`, where it is asked of both.

use super::*;
use proptest::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Note {
    number: u64,
    text: String,
}

impl Message for Note {
    const KIND: u16 = 900;
    const NAME: &'static str = "note";
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Packed(Vec<u8>);

impl Message for Packed {
    const KIND: u16 = 901;
    const NAME: &'static str = "packed";
    const IS_DENSE: bool = true;
}

const SOON: Duration = Duration::from_millis(20);
const LATE: Duration = Duration::from_secs(10);
/// Where version and flags stand in an envelope.
const VERSION_AT: usize = 4;
const FLAGS_AT: usize = 8;

fn note(number: u64) -> Note {
    let text = format!("note {number}");
    Note { number, text }
}

/// Long and dull, so that it is compressed.
fn long_note() -> Note {
    let text = "the same words again and again; ".repeat(200);
    Note { number: 7, text }
}

/// An envelope of ours around any content.
fn envelope(flags: u8, content: &[u8]) -> Vec<u8> {
    let mut bytes = encode(&note(1))[..FLAGS_AT].to_vec();
    bytes.push(flags);
    bytes.extend((content.len() as u32).to_le_bytes());
    bytes.extend(crc32c::crc32c(content).to_le_bytes());
    bytes.extend(content);
    bytes
}

#[test]
fn a_message_comes_back_as_it_was_and_is_packed_where_that_helps() {
    let (short, long) = (encode(&note(1)), encode(&long_note()));
    assert_eq!(decode::<Note>(&short).unwrap(), note(1));
    assert_eq!(decode::<Note>(&long).unwrap(), long_note());
    assert_eq!((short[FLAGS_AT], long[FLAGS_AT]), (0, 1));
    assert!(long.len() < 500, "{} bytes", long.len());
    let dense = Packed(vec![3; 5_000]);
    let bytes = encode(&dense);
    assert!(bytes[FLAGS_AT] == 0 && bytes.len() > 5_000, "packed twice");
    assert_eq!(decode::<Packed>(&bytes).unwrap(), dense);
}

#[test]
fn every_flipped_bit_and_every_cut_is_noticed() {
    for bytes in [encode(&note(5)), encode(&long_note())] {
        for at in 0..bytes.len() * 8 {
            let mut flipped = bytes.clone();
            flipped[at / 8] ^= 1 << (at % 8);
            assert!(decode::<Note>(&flipped).is_err(), "bit {at} was missed");
        }
        for length in 0..bytes.len() {
            assert!(decode::<Note>(&bytes[..length]).is_err(), "cut to {length}");
        }
    }
}

#[test]
fn strangers_are_refused_by_what_they_are() {
    let mut other_version = encode(&note(1));
    other_version[VERSION_AT] = 9;
    let refused = decode::<Note>(&other_version).unwrap_err();
    assert!(
        matches!(refused, MessageError::Version { theirs: 9 }),
        "{refused}"
    );
    assert!(refused.to_string().contains("run the same scc everywhere"));
    let refused = decode::<Packed>(&encode(&note(1))).unwrap_err();
    assert!(
        matches!(
            refused,
            MessageError::Kind {
                theirs: 900,
                expected: "packed"
            }
        ),
        "{refused}"
    );
    let refused = decode::<Note>(b"GET / HTTP/1.1").unwrap_err();
    assert!(matches!(refused, MessageError::Magic), "{refused}");
    // Whole by its checksum, but not what a note looks like.
    let refused = decode::<Note>(&envelope(0, &[0xff; 4])).unwrap_err();
    assert!(matches!(refused, MessageError::Damaged { .. }), "{refused}");
}

#[test]
fn a_frame_that_claims_to_be_huge_is_not_unpacked() {
    let frame = zstd::bulk::compress(&[0; 1 << 16], 1).unwrap();
    // A zstd header: magic, descriptor, and here the content's size in eight bytes.
    let mut bomb = frame[..4].to_vec();
    bomb.push(0b1110_0000);
    bomb.extend((1_u64 << 40).to_le_bytes());
    bomb.extend(&frame[frame.len() - 8..]);
    let claimed = zstd::zstd_safe::get_frame_content_size(&bomb).unwrap();
    assert_eq!(claimed, Some(1 << 40), "the bomb is one");
    let refused = decode::<Note>(&envelope(1, &bomb)).unwrap_err();
    assert!(
        refused.to_string().contains("does not decompress"),
        "{refused}"
    );
    bomb[5..13].copy_from_slice(&(1_u64 << 30).to_le_bytes());
    decode::<Note>(&envelope(1, &bomb)).unwrap_err();
}

proptest! {
    #[test]
    fn no_bytes_make_a_decoder_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300), flags in 0_u8..3) {
        let _ = decode::<Note>(&bytes);
        let _ = decode::<Note>(&envelope(flags, &bytes));
    }
}

#[test]
fn typed_calls_pass_over_what_they_refuse_and_count_it() {
    let bus = LocalBus::new();
    let before = refused();
    let mut inbox = bus.listen("news.>").unwrap();
    bus.publish("news.a", b"noise").unwrap();
    publish_typed(&bus, "news.b", &Packed(vec![1])).unwrap();
    publish_typed(&bus, "news.c", &note(3)).unwrap();
    let got = next_typed::<Note>(inbox.as_mut(), LATE).unwrap();
    assert_eq!(got, Some(("news.c".to_owned(), note(3))));
    assert_eq!(next_typed::<Note>(inbox.as_mut(), SOON).unwrap(), None);
    let bounds = QueueBounds {
        messages_max: 10,
        bytes_max: 1_000,
        age_max: LATE,
    };
    let queue = bus.queue("q", &bounds).unwrap();
    let mut stranger = encode(&note(1));
    stranger[VERSION_AT] = 99;
    queue.push(&stranger).unwrap();
    push_typed(queue.as_ref(), &note(4)).unwrap();
    assert_eq!(pull_typed(queue.as_ref(), LATE).unwrap(), Some(note(4)));
    assert!(refused() >= before + 3, "three were refused");
}

#[test]
fn typed_questions_are_understood_and_answered() {
    let bus = LocalBus::new();
    let mut questions = bus.serve("double", "all").unwrap();
    let serving = std::thread::spawn(move || {
        let (asked, question) = next_question::<Note>(questions.as_mut(), LATE)
            .unwrap()
            .unwrap();
        assert!(question.payload.is_empty(), "kept twice");
        question.answer(&encode(&note(asked.number * 2))).unwrap();
        let (_, question) = next_question::<Note>(questions.as_mut(), LATE)
            .unwrap()
            .unwrap();
        question.answer(b"nonsense").unwrap();
    });
    let answer: Note = ask_typed(&bus, "double", &note(21), LATE).unwrap();
    assert_eq!(answer, note(42));
    let error = ask_typed::<Note, Note>(&bus, "double", &note(1), LATE).unwrap_err();
    assert!(
        matches!(error, BusError::Message(_)) && !error.is_passing(),
        "{error}"
    );
    serving.join().unwrap();
}

#[test]
fn listeners_that_are_gone_are_forgotten() {
    let bus = LocalBus::new();
    for _ in 0..3 {
        drop(bus.listen("a").unwrap());
        drop(bus.serve("b", "g").unwrap());
    }
    bus.publish("a", b"x").unwrap();
    let error = bus.ask("b", b"x", LATE).unwrap_err();
    assert!(matches!(error, BusError::NobodyThere { .. }), "{error}");
    assert_eq!(bus.lost(), 0);
}

#[test]
fn a_slow_listener_is_counted() {
    let bus = LocalBus::new();
    let _inbox = bus.listen("a").unwrap();
    for _ in 0..local::WAITING_MAX + 5 {
        bus.publish("a", b"x").unwrap();
    }
    assert_eq!(bus.lost(), 5);
}
