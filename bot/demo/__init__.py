"""``make demo``: a ministry, its phones and the running bot on this machine, without an account.

The clock starts on the morning of 20 March 2566 (B.E.), the last day of the Labour ministry's window for quarter 1:
officers, heads, coordinators and approvers all have something, and their digests arrive a moment later. One phone is
new and has a code to link it with; a tour leads from the next round's opening to a circular. Everything is thrown away
at the end.
"""
