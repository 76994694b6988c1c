"""The stores behind ``cashier.ports.Books``: one file a port, all over one connection in one transaction."""
