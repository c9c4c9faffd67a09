//! The QR code that tells an authenticator app a virtual MFA device's seed.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_VirtualMFADevice.html>

use alcazar_base::SecretBytes;
use alcazar_engine::{Error, Result};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use png::{BitDepth, ColorType, Encoder};
use qrcodegen::{QrCode, QrCodeEcc};
use zeroize::Zeroizing;

/// How many pixels wide a module is, and how many modules wide the margin that readers need.
const MODULE_PIXELS: u32 = 4;
const MARGIN_MODULES: u32 = 4;

const DARK: u8 = 0;
const LIGHT: u8 = 255;

/// The code as a PNG image: `otpauth://totp/<device>@<account>?secret=<seed in base32>`.
///
/// # Errors
/// The text is too long for a QR code, which no device's is.
pub(crate) fn png(device_name: &str, account: &str, seed: &str) -> Result<SecretBytes> {
    let device_name = utf8_percent_encode(device_name, NON_ALPHANUMERIC);
    let uri = Zeroizing::new(format!("otpauth://totp/{device_name}@{account}?secret={seed}"));
    let failed = |cause: &dyn std::fmt::Display| Error::invariant(format!("no QR code: {cause}"));
    let code = QrCode::encode_text(&uri, QrCodeEcc::Medium).map_err(|error| failed(&error))?;
    let modules = u32::try_from(code.size()).map_err(|error| failed(&error))?;
    let side = (modules + 2 * MARGIN_MODULES) * MODULE_PIXELS;
    let mut pixels = Zeroizing::new(Vec::new());
    for y in 0..side {
        pixels.extend((0..side).map(|x| pixel(&code, x, y)));
    }
    let mut image = Vec::new();
    let mut encoder = Encoder::new(&mut image, side, side);
    encoder.set_color(ColorType::Grayscale);
    encoder.set_depth(BitDepth::Eight);
    let mut writer = encoder.write_header().map_err(|error| failed(&error))?;
    writer.write_image_data(&pixels).map_err(|error| failed(&error))?;
    writer.finish().map_err(|error| failed(&error))?;
    Ok(image.into())
}

fn pixel(code: &QrCode, x: u32, y: u32) -> u8 {
    let module = |at: u32| (at / MODULE_PIXELS).cast_signed() - MARGIN_MODULES.cast_signed();
    if code.get_module(module(x), module(y)) { DARK } else { LIGHT }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_a_png_with_a_light_margin() {
        let image = png("phone", "111122223333", &"A".repeat(64)).unwrap();
        let decoder = png::Decoder::new(std::io::Cursor::new(image.expose()));
        let mut reader = decoder.read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut pixels).unwrap();
        assert_eq!(info.width, info.height);
        let margin = (MARGIN_MODULES * MODULE_PIXELS * info.width) as usize;
        assert!(pixels[..margin].iter().all(|pixel| *pixel == LIGHT));
        // The first finder pattern begins right behind the margin.
        assert_eq!(pixels[margin + (MARGIN_MODULES * MODULE_PIXELS) as usize], DARK);
    }

    #[test]
    fn the_longest_name_still_makes_a_code() {
        assert!(png(&"=".repeat(226), "111122223333", &"A".repeat(64)).is_ok());
    }
}
