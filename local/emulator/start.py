"""Starts MiniStack in its own interpreter, with its cures."""

from ministack import app

from local.emulator.cures import mail, permissions, queues, streams, workers, workflows

if __name__ == "__main__":
    workers.apply()
    streams.apply()
    queues.apply()
    permissions.apply()
    workflows.apply()
    mail.apply()
    app.main()
