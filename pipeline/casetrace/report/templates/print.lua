-- For sheets of paper: HTML outputs become native blocks, code cells go, links within the page become plain text.
local function native(text)
  return pandoc.read(text, "html").blocks
end

local function no_inner_links(link)
  if link.target:sub(1, 1) == "#" then
    return link.content
  end
end

-- Names of the page's own styles and targets mean nothing on paper.
local function no_attributes(element)
  if element.attr then
    element.attr = pandoc.Attr()
  end
  return element
end

local function full_width(image)
  image.attr = pandoc.Attr("", {}, { width = "100%" })
  return image
end

-- A panel's title and its drawing on one page.
local function together(title, drawing)
  if FORMAT == "typst" then
    return { pandoc.RawBlock("typst", "#block(breakable: false)["), title, drawing, pandoc.RawBlock("typst", "]") }
  end
  return { pandoc.Div(title, pandoc.Attr("", {}, { ["custom-style"] = "Table Caption" })), drawing }
end

-- Figures of several panels stand one below the other, the caption last.
local function stacked(figure)
  local blocks, waiting = pandoc.Blocks({}), nil
  for _, block in ipairs(figure.content) do
    local has_image = false
    block:walk({ Image = function() has_image = true end })
    if has_image and waiting then
      blocks:extend(together(waiting, block))
      waiting = nil
    else
      if waiting then blocks:insert(waiting) end
      waiting = block
    end
  end
  if waiting then blocks:insert(waiting) end
  blocks:extend(figure.caption.long)
  return blocks
end

local function each_row(tbl, act)
  for _, row in ipairs(tbl.head.rows) do act(row) end
  for _, body in ipairs(tbl.bodies) do
    for _, row in ipairs(body.head) do act(row) end
    for _, row in ipairs(body.body) do act(row) end
  end
end

-- A sum stands once, below all that adds up to it: the foot of a table would be repeated on each of its pages.
local function sum_last(tbl)
  local last = tbl.bodies[#tbl.bodies]
  for _, row in ipairs(tbl.foot.rows) do
    for _, cell in ipairs(row.cells) do
      cell.contents = pandoc.Blocks(cell.contents):walk({
        Plain = function(plain) return pandoc.Plain({ pandoc.Strong(plain.content) }) end,
      })
    end
    last.body:insert(row)
  end
  tbl.foot = pandoc.TableFoot()
end

-- Cells of numbers end at the right, as on the page.
local function numbers_right(tbl)
  each_row(tbl, function(row)
    for _, cell in ipairs(row.cells) do
      if cell.classes:includes("n") then cell.alignment = "AlignRight" end
      cell.attr = pandoc.Attr()
    end
  end)
end

-- About as many characters of a table cell as fit across a page.
local CHARACTERS_IN_A_LINE = 112

-- Columns get room by what stands in them: words and short cells fit a line, sentences get the rest.
local function columns_by_content(tbl)
  sum_last(tbl)
  numbers_right(tbl)
  local widest, longest, sums, counts, rows = {}, {}, {}, {}, 0
  each_row(tbl, function(row)
    if #row.cells == #tbl.colspecs then
      rows = rows + 1
      for n, cell in ipairs(row.cells) do
        local text = pandoc.utils.stringify(pandoc.Div(cell.contents))
        for word in text:gmatch("%S+") do
          widest[n] = math.max(widest[n] or 0, utf8.len(word) or #word)
        end
        local length = utf8.len(text) or #text
        longest[n] = math.max(longest[n] or 0, length)
        sums[n] = (sums[n] or 0) + length
        counts[n] = (counts[n] or 0) + (length > 0 and 1 or 0)
      end
    else
      row.cells[1].contents = pandoc.Blocks(row.cells[1].contents):walk({
        Plain = function(plain) return pandoc.Plain({ pandoc.Strong(plain.content) }) end,
      })
    end
  end)
  if rows == 0 then return tbl end
  -- First every column gets its longest word, then what is left of the line goes to those that would use it.
  local least, more, least_sum, more_sum = {}, {}, 0, 0
  for n = 1, #tbl.colspecs do
    local usual = (sums[n] or 0) / math.max(counts[n] or 1, 1)
    least[n] = math.min(widest[n] or 1, 24) + 3
    more[n] = math.max(math.max(math.min(longest[n] or 1, 19) + 2, math.min(usual * 1.4, 46)) - least[n], 0.5)
    least_sum, more_sum = least_sum + least[n], more_sum + more[n]
  end
  local rest = math.max(CHARACTERS_IN_A_LINE - least_sum, 0)
  local total = least_sum + rest
  for n, spec in ipairs(tbl.colspecs) do
    spec[2] = (least[n] + rest * more[n] / more_sum) / total
    tbl.colspecs[n] = spec
  end
  tbl.attr = pandoc.Attr()
  return tbl
end

local cleaning = {
  Link = no_inner_links, Span = function(span) return span.content end,
  Div = function(div) return div.content end, Header = no_attributes, Image = full_width,
  Table = columns_by_content, Figure = stacked,
}

function RawBlock(block)
  if block.format == "html" then
    return pandoc.Blocks(native(block.text)):walk(cleaning)
  end
  return {}
end

-- Quarto's own blocks and heading levels stay as they are.
function Div(div)
  if quarto then return nil end
  if div.classes:includes("code") then
    return div.content:filter(function(block) return block.t ~= "CodeBlock" end)
  end
  return div.content
end

-- The long lists at the end are looked things up in, not read: they are set smaller.
local APPENDIX = "Where every number comes from"
local SMALLER = "#show table: set text(size: 6.2pt)\n#set table(inset: (x: 2.5pt, y: 1.7pt))"

function Header(header)
  if quarto then return nil end
  header.level = header.level + 1
  if FORMAT == "typst" and pandoc.utils.stringify(header) == APPENDIX then
    return { pandoc.RawBlock("typst", SMALLER), header }
  end
  return header
end
