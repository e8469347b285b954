package io.aisle.core.product;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The paths of categories, looked up by what records call them: an id, or a name. A name may stand for several paths, an id of a listed
 * category for one.
 */
public final class Taxonomy implements Serializable {
    private static final long serialVersionUID = 1L;

    private static final int MAX_PATHS = 10_000_000;

    private final HashMap<String, List<CategoryPath>> byId = new HashMap<>();
    private final HashMap<String, List<CategoryPath>> byName = new HashMap<>();

    private Taxonomy() {}

    /**
     * One category of a listing.
     *
     * @param ids from the root to the category, as long as the path; null where a node has none
     */
    public record Category(List<String> ids, CategoryPath path) {
        String id() {
            return ids.get(ids.size() - 1);
        }
    }

    /**
     * Categories that come with their whole paths. The categories above them count as listed where they are not.
     *
     * @throws IllegalArgumentException where one id is listed with two paths
     */
    public static Taxonomy ofPaths(List<Category> categories) {
        Taxonomy taxonomy = new Taxonomy();
        for (Category category : categories) {
            if (category.id() != null) {
                CategoryPath before =
                        put(taxonomy.byId, category.id(), category.path()).get(0);
                if (!before.equals(category.path())) {
                    throw new IllegalArgumentException("found the id " + category.id() + " twice, as " + before
                            + " and as " + category.path() + ", expected one path an id");
                }
            }
        }
        Set<String> listed = Set.copyOf(taxonomy.byId.keySet());
        for (Category category : categories) {
            List<String> names = category.path().names();
            for (int depth = 1; depth <= names.size(); depth++) {
                CategoryPath above = new CategoryPath(names.subList(0, depth));
                put(taxonomy.byName, above.leaf(), above);
                String id = category.ids().get(depth - 1);
                if (id != null && !listed.contains(id)) {
                    put(taxonomy.byId, id, above);
                }
            }
        }
        return taxonomy;
    }

    /**
     * Categories that name what they are below.
     *
     * @param parents of each category, a root's parent being the empty text; a category with several has several paths
     * @throws IllegalArgumentException where a parent is no category, or a category is below itself
     */
    public static Taxonomy ofParents(Map<String, Set<String>> parents) {
        Map<String, Set<String>> children = new TreeMap<>();
        parents.forEach((child, above) -> {
            for (String parent : above) {
                if (!parent.isEmpty() && !parents.containsKey(parent)) {
                    throw new IllegalArgumentException("found the parent " + parent + " of " + child
                            + ", which is no child itself, expected a row for it. A root has an empty parent");
                }
                children.computeIfAbsent(parent, none -> new TreeSet<>()).add(child);
            }
        });
        Taxonomy taxonomy = new Taxonomy();
        int paths = 0;
        ArrayList<CategoryPath> level = new ArrayList<>();
        children.getOrDefault("", Set.of()).forEach(root -> level.add(CategoryPath.of(root)));
        Map<String, Set<String>> unreached = new TreeMap<>(parents);
        for (List<CategoryPath> current = level; !current.isEmpty(); ) {
            ArrayList<CategoryPath> below = new ArrayList<>();
            for (CategoryPath path : current) {
                put(taxonomy.byName, path.leaf(), path);
                unreached.remove(path.leaf());
                for (String child : children.getOrDefault(path.leaf(), Set.of())) {
                    if (path.names().contains(child)) {
                        throw new IllegalArgumentException(
                                "found " + child + " below itself, in " + path + " > " + child + ", expected a tree");
                    }
                    List<String> names = new ArrayList<>(path.names());
                    names.add(child);
                    below.add(new CategoryPath(names));
                }
            }
            paths += below.size();
            if (paths > MAX_PATHS) {
                throw new IllegalArgumentException("found more than " + MAX_PATHS + " paths, expected a tree");
            }
            current = below;
        }
        if (!unreached.isEmpty()) {
            throw new IllegalArgumentException("found "
                    + unreached.keySet().iterator().next() + " below itself, expected a path from a root to it");
        }
        return taxonomy;
    }

    private static List<CategoryPath> put(Map<String, List<CategoryPath>> index, String key, CategoryPath path) {
        List<CategoryPath> paths = index.computeIfAbsent(key, none -> new ArrayList<>(1));
        if (!paths.contains(path)) {
            paths.add(path);
        }
        return paths;
    }

    /**
     * The paths that a record may mean. An id goes before a name; a name that stands for several paths means those that hold the other
     * names too, in their order.
     *
     * @param names ids or names, root first, at least one, none blank; the last is the category
     * @return empty where the category is unknown, more than one path where it is ambiguous
     */
    public List<CategoryPath> find(List<String> names) {
        String category = names.get(names.size() - 1);
        List<CategoryPath> paths = byId.get(category.strip());
        if (paths == null) {
            CategoryPath named = new CategoryPath(names);
            paths = byName.getOrDefault(named.leaf(), List.of());
            if (paths.size() > 1) {
                List<CategoryPath> fitting = paths.stream()
                        .filter(path -> holds(path.names(), named.names()))
                        .toList();
                return fitting.isEmpty() ? List.copyOf(paths) : exact(fitting, named);
            }
        }
        return List.copyOf(paths);
    }

    private static List<CategoryPath> exact(List<CategoryPath> fitting, CategoryPath named) {
        return named.depth() > 1 && fitting.contains(named) ? List.of(named) : fitting;
    }

    /** Whether a path holds the names in their order, others between them allowed. */
    private static boolean holds(List<String> path, List<String> names) {
        int next = 0;
        for (String name : path) {
            if (next < names.size() && name.equals(names.get(next))) {
                next++;
            }
        }
        return next == names.size();
    }

    /** Every path, in the order of their texts. */
    public List<CategoryPath> paths() {
        Set<CategoryPath> paths = new TreeSet<>();
        byName.values().forEach(paths::addAll);
        byId.values().forEach(paths::addAll);
        return List.copyOf(paths);
    }
}
