"""What ``tb_wordembed.open`` gives: a log, its series, and what is measured of them."""
