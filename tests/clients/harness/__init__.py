"""What the tests share: a server as a process, clients for it, and a way to say which error is expected."""
