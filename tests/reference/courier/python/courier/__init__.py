"""A binding of the small networking library beside it. `courier.before` is the release whose calls look whether a
handle is closed and then use it; `courier.locked` the first attempt at a cure; `courier.after` the cure. All of them
reach the library by `courier.native`."""
