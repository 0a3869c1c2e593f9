from mizan.client import client


@client(auth=False)
def opened(request) -> None: ...


@client(auth=True)
def members(request) -> None: ...


@client(auth="staff")
def staff(request) -> None: ...


@client(auth="superuser")
def root(request) -> None: ...


@client(auth="blog.add_post")
def bloggers(request) -> None: ...


@client(auth=lambda request: False)
def nobody(request) -> None: ...
