-- Keeps the output of code cells and drops the code itself; a reader of the page wants the results.
function Div(div)
  if div.classes:includes("cell") and div.classes:includes("code") then
    local kept = pandoc.List()
    for _, block in ipairs(div.content) do
      if block.t ~= "CodeBlock" then
        kept:insert(block)
      end
    end
    return kept
  end
  if div.classes:includes("output") or div.classes:includes("cell") then
    return div.content
  end
end

function RawBlock(block)
  if block.format == "ipynb" then
    return {}
  end
end
