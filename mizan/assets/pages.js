// Mizan's pages: sending JSON without leaving the page, and the filter of the index. Everything else works without this.
"use strict"

const element = (name, text) => {
  const made = document.createElement(name)
  made.textContent = text
  return made
}

const indented = (text) => {
  try {
    return JSON.stringify(JSON.parse(text), null, 4)
  } catch {
    return text
  }
}

const show = (section, { status, headers, body, failed }) => {
  section.hidden = false
  section.classList.toggle("failed", failed)
  section.querySelector(".status").textContent = status
  section.querySelector(".body").textContent = body
  section.querySelector(".headers").replaceChildren(
    ...headers.map(([name, value]) => {
      const row = document.createElement("div")
      row.append(element("dt", name), element("dd", value))
      return row
    }),
  )
  section.scrollIntoView({ block: "nearest" })
}

const send = async (form, section) => {
  const button = form.querySelector("button")
  button.disabled = true
  try {
    const response = await fetch(form.action, {
      method: "POST",
      credentials: "same-origin",
      headers: {
        Accept: "application/json",
        "Content-Type": "application/json",
        "X-CSRFToken": form.elements.csrfmiddlewaretoken.value,
      },
      body: form.elements.json.value,
    })
    const text = await response.text()
    show(section, {
      status: `${response.status} ${response.statusText}`,
      headers: [...response.headers].filter(([name]) => /^(allow|cache-control|content-type|retry-after|vary|www-|x-mizan)/.test(name)),
      body: indented(text),
      failed: !response.ok,
    })
  } catch (error) {
    show(section, { status: "no answer", headers: [], body: String(error), failed: true })
  } finally {
    button.disabled = false
  }
}

for (const form of document.querySelectorAll("form[data-raw]")) {
  const section = document.getElementById("answer")
  form.querySelector("button").disabled = false
  form.addEventListener("submit", (event) => {
    event.preventDefault()
    void send(form, section)
  })
}

for (const form of document.querySelectorAll("form[data-filter]")) {
  const input = form.elements.q
  const none = document.querySelector("[data-none]")
  const apply = () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean)
    let found = 0
    for (const group of document.querySelectorAll("[data-group]")) {
      let inGroup = 0
      for (const item of group.querySelectorAll("[data-words]")) {
        item.hidden = !words.every((word) => item.dataset.words.includes(word))
        if (!item.hidden) inGroup += 1
      }
      group.hidden = inGroup === 0
      found += inGroup
    }
    none.hidden = found > 0
    if (words.length > 0) none.textContent = "Nothing matches."
  }
  input.addEventListener("input", apply)
  // The server filtered by an address with ?q=; then only a new request shows the rest.
  if (!new URLSearchParams(location.search).get("q")) {
    form.addEventListener("submit", (event) => event.preventDefault())
    form.querySelector("button").hidden = true
  }
}
