"""What is said of a fault of the machine, not of Marsad: a folder that may not be read, a full disk."""

from __future__ import annotations

import errno

_ADVICE = {
    errno.EACCES: "This user may not read or write it: change its permissions, or choose another folder.",
    errno.EPERM: "This user may not change it: change its permissions, or choose another folder.",
    errno.ENOSPC: "Free some space on that disk and run the same command again: it goes on, and nothing kept is lost.",
    errno.EDQUOT: "Free some space on that disk and run the same command again: it goes on, and nothing kept is lost.",
    errno.EROFS: "That disk cannot be written: copy the folder to another, or choose another place for what is made.",
    errno.ENOENT: "Look at the spelling, and at whether the disk is attached.",
    errno.ENOTDIR: "A part of that path is a file, not a folder.",
    errno.EISDIR: "That is a folder, where a file is wanted.",
    errno.ENAMETOOLONG: "Choose a shorter name.",
    errno.EIO: "The disk does not answer as it should: copy what you can to another, then run marsad verify.",
}

STOPPED = "stopped. What was kept is kept, and nothing is half done: run the same command again, and it goes on."


def told(error: OSError) -> str | None:
    """One line that names the file and what to do; None where there is nothing better to say than the error itself."""
    advice = _ADVICE.get(error.errno or 0)
    if advice is None:
        return None
    # A rename names two files; what failed is as a rule about where it goes.
    where = error.filename2 or error.filename
    return f"{where}: {error.strerror}. {advice}" if where else f"{error.strerror}. {advice}"
