// The same through the barrel: what is not used must not be there.
import { callEcho, callUpdateProfile, fetchUserProfile } from "../api"

void fetchUserProfile({ id: 5 }).then(({ name }) => callEcho({ text: name }))
void callUpdateProfile({ id: 5 })
