//! The control socket.

use crate::data_dir::Opened;

/// Serves the control socket.
pub(crate) async fn serve(opened: Opened) {
    drop(opened);
}
