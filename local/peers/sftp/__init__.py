"""The merchant's SFTP server: OpenSSH where it is installed, else one in Python, behind a line that can be cut."""
