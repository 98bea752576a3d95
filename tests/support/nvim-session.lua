-- A session of Neovim with `zr lsp`, without a screen. Each step is written down as a user would see it.
-- Environment: ZR the program, ROOT the project, OUT where the transcript goes.
local zr, root, out = os.getenv("ZR"), os.getenv("ROOT"), os.getenv("OUT")
local lines = {}
local function say(text)
  for line in (text .. "\n"):gmatch("(.-)\n") do table.insert(lines, line) end
end
local function finish()
  vim.fn.writefile(lines, out)
  vim.cmd("qall!")
end

local function step(title) say("") say("-- " .. title) end

local ok, problem = pcall(function()
  vim.cmd("edit " .. root .. "/packages/web/zr.toml")
  local buffer = vim.api.nvim_get_current_buf()
  local client = vim.lsp.start_client({ name = "zr", cmd = vim.split(zr, " "), root_dir = root })
  vim.lsp.buf_attach_client(buffer, client)
  assert(vim.wait(10000, function() return vim.lsp.buf_is_attached(buffer, client) and vim.lsp.get_client_by_id(client).initialized end, 5))

  local function text() return table.concat(vim.api.nvim_buf_get_lines(buffer, 0, -1, false), "\n") end
  local function find(mark)
    for row, line in ipairs(vim.api.nvim_buf_get_lines(buffer, 0, -1, false)) do
      local from = line:find(mark, 1, true)
      if from then return { line = row - 1, character = from - 1 } end
    end
    error("not found: " .. mark)
  end
  local function params(mark, shift)
    local position = find(mark)
    position.character = position.character + (shift or 0)
    return { textDocument = { uri = vim.uri_from_bufnr(buffer) }, position = position }
  end
  local function ask(method, what)
    local answers, failure = vim.lsp.buf_request_sync(buffer, method, what, 10000)
    assert(answers, failure)
    local answer = answers[client]
    if answer.error then return nil, answer.error.message end
    return answer.result
  end
  local function short(uri) return (vim.uri_to_fname(uri):gsub("^" .. vim.pesc(root) .. "/", "")) end
  local function wait_for_diagnostics(count)
    assert(vim.wait(10000, function() return #vim.diagnostic.get(buffer) == count end, 5), vim.inspect(vim.diagnostic.get(buffer)))
  end

  step("open packages/web/zr.toml")
  wait_for_diagnostics(2)
  for _, one in ipairs(vim.diagnostic.get(buffer)) do
    say(("%d:%d %s %s"):format(one.lnum + 1, one.col + 1, one.code or (one.user_data and one.user_data.lsp.code) or "", one.message))
  end

  step("hover over the task 'build'")
  -- As the window shows it, without the marks of Markdown.
  say((ask("textDocument/hover", params("build]")).contents.value:gsub("\n?```%w*", ""):gsub("%*%*", "")))

  step("complete in deps of 'test'")
  local list = ask("textDocument/completion", params('["buld"', 2))
  table.sort(list.items, function(a, b) return a.sortText < b.sortText end)
  local labels = {}
  for index = 1, 5 do table.insert(labels, list.items[index].label) end
  say(table.concat(labels, "  "))

  step("code action on 'buld'")
  local at = find("buld")
  local actions = ask("textDocument/codeAction", {
    textDocument = { uri = vim.uri_from_bufnr(buffer) }, range = { start = at, ["end"] = at }, context = { diagnostics = {} },
  })
  for _, action in ipairs(actions) do say(action.title) end
  vim.lsp.util.apply_workspace_edit(actions[1].edit, "utf-16")
  say(vim.api.nvim_buf_get_lines(buffer, find("deps = [\"build").line, find("deps = [\"build").line + 1, false)[1])
  wait_for_diagnostics(1)

  step("definition of ^build")
  for _, place in ipairs(ask("textDocument/definition", params("^build", 2))) do
    say(("%s:%d"):format(short(place.uri), place.range.start.line + 1))
  end

  step("rename 'build' to 'compile'")
  local change = params("build]")
  change.newName = "compile"
  local edit = ask("textDocument/rename", change)
  local names = {}
  for uri, edits in pairs(edit.changes) do table.insert(names, ("%s: %d"):format(short(uri), #edits)) end
  table.sort(names)
  say(table.concat(names, "\n"))
  vim.lsp.util.apply_workspace_edit(edit, "utf-16")

  step("format")
  for _, change_ in ipairs({ ask("textDocument/formatting", { textDocument = { uri = vim.uri_from_bufnr(buffer) }, options = { tabSize = 2, insertSpaces = true } }) }) do
    vim.lsp.util.apply_text_edits(change_, buffer, "utf-16")
  end
  say(text())

  step("what is left")
  vim.wait(10000, function() return #vim.diagnostic.get(buffer) == 1 end, 5)
  for _, one in ipairs(vim.diagnostic.get(buffer)) do
    say(("%d:%d %s"):format(one.lnum + 1, one.col + 1, one.message))
  end
  vim.lsp.stop_client(client)
  assert(vim.wait(10000, function() return vim.lsp.get_client_by_id(client) == nil end, 5))
end)
if not ok then say("failed: " .. tostring(problem)) end
finish()
