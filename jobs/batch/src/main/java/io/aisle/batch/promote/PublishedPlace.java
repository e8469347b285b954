package io.aisle.batch.promote;

import io.aisle.batch.JobContext;
import io.aisle.batch.storage.Directory;
import io.aisle.batch.storage.ObjectStores;
import io.aisle.batch.storage.Pointer;
import io.aisle.batch.storage.StoredBundle;
import io.aisle.batch.storage.WrittenRun;
import io.aisle.core.UserException;
import io.aisle.core.storage.Current;
import java.util.Optional;

/** A directory with a {@code CURRENT}: bundles with their champion, or an output with its published run. */
final class PublishedPlace {
    private final Directory root;
    private final boolean isModels;
    private final Pointer pointer;

    private PublishedPlace(Directory root, boolean isModels, Pointer pointer) {
        this.root = root;
        this.isModels = isModels;
        this.pointer = pointer;
    }

    static PublishedPlace open(JobContext context, PromoteSettings settings) {
        Directory root = Directory.of(context.spark(), settings.place());
        if (!root.exists()) {
            throw new UserException("Cannot move " + settings.what() + ": found no such directory, expected "
                    + (settings.isModels() ? "one that holds bundles" : "what classify wrote") + ". Check the path.");
        }
        return new PublishedPlace(
                root,
                settings.isModels(),
                Pointer.read(ObjectStores.of(context.spark(), root, settings.isSingleWriter())));
    }

    Pointer pointer() {
        return pointer;
    }

    Optional<Current> current() {
        return pointer.current();
    }

    String uri() {
        return root.uri();
    }

    /**
     * Refuses a name that is not that of a whole bundle or run: a bundle is opened, and so verified; of a run the predictions are counted.
     */
    void requireWhole(JobContext context, String name) {
        Directory parent = isModels ? root : root.directory("runs");
        if (name.isBlank() || name.startsWith(".") || name.contains("/")) {
            throw new UserException(
                    "Cannot move to '" + name + "': found what is no name, expected that of a directory in "
                            + parent.uri() + ". Give the last part of its path.");
        }
        if (isModels) {
            StoredBundle.open(parent.directory(name));
        } else {
            WrittenRun.open(parent.directory(name)).requireWhole(context.spark());
        }
    }

    /** Tells what was and what is now. */
    void report(JobContext context, Optional<Current> before, Current now) {
        String what = isModels ? "champion" : "published run";
        context.say("%s before: %s", what, before.map(Current::run_id).orElse("none"));
        context.say("%s now:    %s", what, now.run_id());
        context.say(now.beforeThis()
                .map(earlier -> "a rollback would go to " + earlier)
                .orElse("no rollback from here: it is the oldest that is kept"));
    }
}
