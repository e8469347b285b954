package io.aisle.core.product;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A taxonomy node, named by its whole path from root to leaf, so that one name under two parents is two categories.
 *
 * <p>{@link #toString} renders {@code A > B > C} and {@link #parse} reads it back: a {@code >} or a backslash inside a name is
 * written with a backslash before it. White space of any kind is folded to one space, so that a path is always one line.
 *
 * @param names root first, at least one, none {@link #isBlank}
 */
public record CategoryPath(List<String> names) implements Serializable, Comparable<CategoryPath> {
    private static final long serialVersionUID = 1L;

    /** What rare classes are folded into: {@code <parent> > other}, at last {@code other}. */
    public static final String OTHER = "other";

    // Unicode's white space, so no-break spaces and every line separator too
    private static final Pattern WHITE_SPACE = Pattern.compile("\\s+", Pattern.UNICODE_CHARACTER_CLASS);

    public CategoryPath {
        List<String> folded = new ArrayList<>(names.size());
        for (String name : names) {
            if (isBlank(name)) {
                throw new IllegalArgumentException("Cannot name a category: found an empty name in " + names);
            }
            folded.add(fold(name));
        }
        if (folded.isEmpty()) {
            throw new IllegalArgumentException("Cannot name a category: found no name, expected at least one");
        }
        names = List.copyOf(folded);
    }

    public static CategoryPath of(String... names) {
        return new CategoryPath(List.of(names));
    }

    /** Whether a name is nothing but white space, which no category can be called. */
    public static boolean isBlank(String name) {
        return fold(name).isEmpty();
    }

    private static String fold(String name) {
        return isFolded(name) ? name : WHITE_SPACE.matcher(name).replaceAll(" ").strip();
    }

    /** Tells of most names that nothing is to be done, without a search: they are printable ASCII, with single spaces inside. */
    private static boolean isFolded(String name) {
        char before = ' ';
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c < ' ' || c > '~' || (c == ' ' && before == ' ')) {
                return false;
            }
            before = c;
        }
        return before != ' ';
    }

    /** Reads what {@link #toString} wrote; throws IllegalArgumentException where a name is blank. */
    public static CategoryPath parse(String rendered) {
        List<String> names = new ArrayList<>();
        StringBuilder name = new StringBuilder();
        for (int i = 0; i < rendered.length(); i++) {
            char c = rendered.charAt(i);
            if (c == '\\' && i + 1 < rendered.length()) {
                name.append(rendered.charAt(++i));
            } else if (c == '>') {
                names.add(name.toString());
                name.setLength(0);
            } else {
                name.append(c);
            }
        }
        names.add(name.toString());
        return new CategoryPath(names);
    }

    /** The deepest name, what a person calls the category. */
    public String leaf() {
        return names.get(names.size() - 1);
    }

    /** 1 for a root. */
    public int depth() {
        return names.size();
    }

    /** The category of that depth which this one is in; itself where it is no deeper. */
    public CategoryPath cut(int depth) {
        return depth >= names.size() ? this : new CategoryPath(names.subList(0, depth));
    }

    /** Whether that one is this, or in this. */
    public boolean holds(CategoryPath that) {
        return that.cut(depth()).equals(this);
    }

    /** Where this class goes when it is too rare: to {@code other} beside it, or, if it is that already, one level up. */
    public CategoryPath folded() {
        int kept = leaf().equals(OTHER) ? Math.max(names.size() - 2, 0) : names.size() - 1;
        List<String> path = new ArrayList<>(names.subList(0, kept));
        path.add(OTHER);
        return new CategoryPath(path);
    }

    @Override
    public String toString() {
        StringBuilder rendered = new StringBuilder();
        for (String name : names) {
            if (!rendered.isEmpty()) {
                rendered.append(" > ");
            }
            rendered.append(name.replace("\\", "\\\\").replace(">", "\\>"));
        }
        return rendered.toString();
    }

    @Override
    public int compareTo(CategoryPath that) {
        return toString().compareTo(that.toString());
    }
}
