// Lists of which only what is new is drawn.

export interface Row<Item> {
  readonly node: Element;
  update(item: Item): void;
}

/** Keep one row for each item under its key, in the order of the items, and touch nothing that stays the same. */
export function keyedList<Item>(
  parent: Element,
  keyOf: (item: Item) => string,
  make: (item: Item) => Row<Item>,
): (items: readonly Item[]) => void {
  let rows = new Map<string, Row<Item>>();
  return (items) => {
    const next = new Map<string, Row<Item>>();
    for (const item of items) {
      const known = rows.get(keyOf(item));
      known?.update(item);
      next.set(keyOf(item), known ?? make(item));
    }
    for (const [key, row] of rows) if (!next.has(key)) row.node.remove();
    let place = parent.firstChild;
    for (const { node } of next.values()) {
      if (node === place) place = place.nextSibling;
      else parent.insertBefore(node, place);
    }
    rows = next;
  };
}
