"""Starts MiniStack in its own interpreter, with its cures."""

from ministack import app

from local.emulator.cures import mail, streams, workers

if __name__ == "__main__":
    workers.apply()
    streams.apply()
    mail.apply()
    app.main()
