//! Angles without libm, whose last bits differ between platforms: the simulator's state must not.

use std::f32::consts::{FRAC_PI_2, FRAC_PI_4, PI, TAU};

/// `atan2(y, x)` in radians, in `(-PI, PI]`, within 2e-4 of the true value; `atan2(0, 0)` is 0.
pub fn atan2(y: f32, x: f32) -> f32 {
    if x == 0.0 && y == 0.0 {
        return 0.0;
    }
    let (ax, ay) = (x.abs(), y.abs());
    let ratio = if ax > ay { ay / ax } else { ax / ay };
    let s = ratio * ratio;
    // Minimax polynomial of atan on [0, 1] (Abramowitz and Stegun 4.4.49).
    let poly =
        0.999_866 + s * (-0.330_299_5 + s * (0.180_141 + s * (-0.085_133 + s * 0.020_835_1)));
    let mut angle = ratio * poly;
    if ay > ax {
        angle = FRAC_PI_2 - angle;
    }
    if x < 0.0 {
        angle = PI - angle;
    }
    if y < 0.0 { -angle } else { angle }
}

/// `(sin, cos)` of an angle in radians, each within 1e-5 of the true value for `|angle| < 1000`.
pub fn sin_cos(angle: f32) -> (f32, f32) {
    let quadrant = (angle / FRAC_PI_2 + if angle < 0.0 { -0.5 } else { 0.5 }) as i32;
    let r = angle - quadrant as f32 * FRAC_PI_2;
    debug_assert!(r.abs() <= FRAC_PI_4 + 1e-3);
    let s = r * r;
    let sin = r * (1.0 + s * (-1.0 / 6.0 + s * (1.0 / 120.0 - s / 5040.0)));
    let cos = 1.0 + s * (-0.5 + s * (1.0 / 24.0 + s * (-1.0 / 720.0 + s / 40320.0)));
    match quadrant.rem_euclid(4) {
        0 => (sin, cos),
        1 => (cos, -sin),
        2 => (-sin, -cos),
        _ => (-cos, sin),
    }
}

/// The angle brought into `[0, TAU)`, as the API reports facings.
pub fn wrap_angle(angle: f32) -> f32 {
    let mut a = angle;
    while a < 0.0 {
        a += TAU;
    }
    while a >= TAU {
        a -= TAU;
    }
    a
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn angles_agree_with_libm() {
        for i in -1000..1000 {
            let a = i as f32 * 0.0031;
            let (s, c) = sin_cos(a);
            assert!(
                (s - a.sin()).abs() < 1e-5 && (c - a.cos()).abs() < 1e-5,
                "at {a}"
            );
            let got = atan2(s, c);
            assert!((got - s.atan2(c)).abs() < 2e-4, "atan2 at {a}: {got}");
            assert!((0.0..TAU).contains(&wrap_angle(a)));
        }
    }
}
