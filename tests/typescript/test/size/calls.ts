// A page without React that calls two functions and reads one context.
import { callEcho, callUpdateProfile } from "../api/functions"
import { fetchUserProfile } from "../api/contexts"

void fetchUserProfile({ id: 5 }).then(({ name }) => callEcho({ text: name }))
void callUpdateProfile({ id: 5 })
