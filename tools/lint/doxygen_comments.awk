# Doxygen's input filter: shows it our plain comments as documentation. In our headers a comment
# belongs to the declarations right below it, up to a blank line, or stands behind what it is about.
# The field lists of structs and what compares them are not shown. The number of lines stays the same.

# Prints the comment lines that were kept back; unless `mark` is empty, as documentation.
function flush_comment(mark,    i) {
  for (i = 1; i <= kept; ++i) {
    if (mark != "" && (i == 1 || !c)) sub(begin, mark, lines[i])
    print lines[i]
    if (i == 1 && match(lines[i], /^ */)) indent = RLENGTH
    sub(/^ *\/\/+ */, "", lines[i])
    shared = (i == 1 ? "" : shared) lines[i] " "
  }
  kept = 0
}

# The comment behind code becomes the documentation of the code.
function mark_trailing(text) {
  trailing = match(text, behind) ? RSTART + RLENGTH - 3 : 0
  if (trailing == 0) return text
  return substr(text, 1, trailing - 1) mark "<" substr(text, trailing + 2)
}

# In C++ a comment is that of all declarations below it with its indent, up to a blank line.
function share(text,    code) {
  if (c) return text
  code = text
  sub(/ +\/\/.*/, "", code)
  if (starts && shared != "" && code == text && match(text, /^ */) && RLENGTH == indent &&
      text ~ /^ *[a-zA-Z]/) {
    text = substr(text, 1, indent) "/** " shared "*/ " substr(text, indent + 1)
  }
  starts = code ~ /[;}]$/
  if (code ~ /^ *$/) shared = ""
  return text
}

# "Contract: X" leads to the page that "@contract X" makes.
function refer(text,    name) {
  if (!match(text, /Contract: [A-Z_]+\./)) return text
  name = substr(text, RSTART + 10, RLENGTH - 11)
  return substr(text, 1, RSTART + 9) "@ref contract_" name " \"" name "\"." \
         substr(text, RSTART + RLENGTH)
}

FNR == 1 {
  c = FILENAME ~ /capi/
  mark = c ? "/**" : "///"
  begin = c ? "/[*][*]?" : "//"
  behind = c ? "[]A-Za-z0-9;,]+ +/[*] " : "[A-Za-z0-9);,]+ +// "
}

c {
  if (/^\/\*\* @contract [A-Z_]+:/) {
    sub(/@contract /, "@page contract_")
    sub(/:/, " A contract. It")
  }
  $0 = refer($0)
  gsub(/"@contract/, "\"\\@contract")
  if (match($0, /^typedef struct tl_[a-z_]+_args {/) && kept == 0) {
    $0 = "/** What tl_" substr($0, 19, RLENGTH - 25) " takes. */ " $0
  }
}

# What doxygen would take for markup.
{
  gsub(/<path>/, "\\<path\\>")
  gsub(/ @: /, " \\@: ")
}

# The lines of a comment that is alone on its lines.
inside || (c ? /^ *\/\*/ : /^ *\/\/( |$)/) {
  if (!inside && !c && trailing > 0 && index($0, "//") == trailing) {
    sub(/\/\//, "///<")
    print
    next
  }
  lines[++kept] = $0
  inside = c && !/\*\//
  next
}

# For the library's own use.
!c && /^ *(friend (constexpr )?(bool|auto) operator|static constexpr .*[ ]k[A-Z][A-Za-z]*(\[\])? = .*;)/ { $0 = "" }
!c && /static constexpr auto Fields\(\) \{/ { hidden = 1 }
hidden {
  hidden = !/^ *}$/
  flush_comment("")
  print ""
  next
}

# Blank lines and the preprocessor's keep a comment from the declaration; macros are documented too.
{
  flush_comment(/^ *$/ || /^#/ && !/^#define/ ? "" : mark)
  print /^#/ || /^\/\*\* What tl_/ ? $0 : share(mark_trailing($0))
}

END { flush_comment("") }
