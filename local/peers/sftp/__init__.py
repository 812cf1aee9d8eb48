"""The merchant's SFTP server, OpenSSH or else one in Python, behind a line that can be cut."""
