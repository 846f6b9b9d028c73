// Loads the scripts that _ext/bundled_scripts.py put on this page. A browser loads no module from a file, so a page that
// was opened from the disk takes each script's other form, in one piece; one from a server takes modules, which share parts.
for (const { src } of document.querySelectorAll('script[type="bundled"]')) {
  if (location.protocol === "file:") {
    const script = document.createElement("script")
    script.src = src.replace("/bundle/", "/bundle/whole/")
    document.head.append(script)
  } else import(src)
}
