// Swagger UI over Mizan's own schema. Calls that it makes carry the CSRF token, as the protocol asks of browsers.
"use strict"

const place = document.getElementById("swagger")
const base = new URL(place.dataset.session.replace(/session\/$/, ""), location.href).href

const withToken = async (request) => {
  const isUnsafe = !["GET", "HEAD", "OPTIONS"].includes((request.method ?? "GET").toUpperCase())
  if (isUnsafe && new URL(request.url, location.href).href.startsWith(base)) {
    const answer = await fetch(place.dataset.session, { credentials: "same-origin", headers: { Accept: "application/json" } })
    request.headers["X-CSRFToken"] = (await answer.json()).csrfToken
  }
  return request
}

window.ui = SwaggerUIBundle({
  url: place.dataset.schema,
  domNode: place,
  deepLinking: true,
  docExpansion: "list",
  defaultModelsExpandDepth: 0,
  displayOperationId: true,
  filter: true,
  requestInterceptor: withToken,
  validatorUrl: null,
})
