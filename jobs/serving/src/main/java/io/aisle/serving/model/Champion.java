package io.aisle.serving.model;

import io.aisle.core.UserException;
import io.aisle.core.model.ModelManifest;
import io.aisle.core.storage.Current;
import io.aisle.core.storage.LocalObjectStore;
import io.aisle.core.storage.StoredDirectory;
import io.aisle.core.storage.TemporaryDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The model that answers now: a bundle that stays, or the champion that {@code CURRENT} of a directory of bundles names. A new champion is
 * loaded beside the old one and verified, and takes its place between two requests; one that cannot be used is refused, and the old one
 * goes on.
 */
public final class Champion implements AutoCloseable {
    private static final Duration FIRST_PAUSE = Duration.ofMinutes(1);
    /** In the place of the sequence of a pointer that cannot be read. */
    private static final long UNREAD = -1;

    private static final Duration LONGEST_PAUSE = Duration.ofHours(1);

    private final StoredDirectory models;
    private final boolean isFollowing;
    private final Clock clock;
    private final Consumer<String> news;

    private volatile ServedModel model;
    private volatile Optional<Refused> refused = Optional.empty();
    private long sequence;
    private Duration pause = FIRST_PAUSE;
    private Instant nextTry = Instant.MIN;
    private long refusedSequence;

    /**
     * A champion that could not be loaded.
     *
     * @param name the directory of its bundle
     * @param reason why, in words
     */
    public record Refused(String name, String reason, Instant at) {}

    private Champion(StoredDirectory models, boolean isFollowing, Clock clock, Consumer<String> news) {
        this.models = models;
        this.isFollowing = isFollowing;
        this.clock = clock;
        this.news = news;
    }

    /**
     * Loads what is to answer first.
     *
     * @param models a bundle, or a directory of bundles with {@code CURRENT}
     * @param news told of each model that is loaded or refused
     * @throws UserException if there is none that can be used
     */
    public static Champion open(StoredDirectory models, Clock clock, Consumer<String> news) {
        try {
            boolean isBundle = models.store().read(ModelManifest.FILE_NAME).isPresent();
            Champion champion = new Champion(models, !isBundle, clock, news);
            if (isBundle) {
                champion.model = load(models);
            } else {
                Current current = Current.read(models.store())
                        .orElseThrow(() -> new UserException("Cannot serve " + models.uri()
                                + ": found neither a model bundle nor " + Current.KEY
                                + ", expected one of them. Train a model, or promote one: aisle promote --models "
                                + models.uri() + " --to NAME"));
                champion.model = load(models.child(current.run_id()));
                champion.sequence = current.sequence();
            }
            news.accept("serving model " + champion.model.name() + ", version " + champion.model.version());
            return champion;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A bundle on the local disk is used where it lies, another is copied first. */
    private static ServedModel load(StoredDirectory bundle) {
        if (bundle.store() instanceof LocalObjectStore local) {
            return ServedModel.open(bundle.name(), local.root(), Optional.empty());
        }
        TemporaryDirectory copy = TemporaryDirectory.create("aisle-model-");
        try {
            bundle.copyTo("", copy.path());
            return ServedModel.open(bundle.name(), copy.path(), Optional.of(copy));
        } catch (RuntimeException e) {
            copy.close();
            throw e instanceof UserException
                    ? new UserException(e.getMessage().replace(copy.path().toString(), bundle.uri()), e)
                    : e;
        }
    }

    /** The model that answers now, to be given back ({@link ServedModel#giveBack}) when the answer is there. */
    public ServedModel lease() {
        while (true) {
            ServedModel now = model;
            if (now.lease()) {
                return now;
            }
        }
    }

    /** The champion that could not be loaded, while another goes on. */
    public Optional<Refused> refused() {
        return refused;
    }

    /** Looks whether there is another champion, and loads it. Says what went wrong instead of throwing it. */
    public synchronized void follow() {
        if (!isFollowing) {
            return;
        }
        Optional<Current> current = Optional.empty();
        try {
            current = Current.read(models.store());
            if (current.isEmpty() || current.get().sequence() == sequence) {
                refused = Optional.empty();
            } else if (!isTooEarly(current.get().sequence())) {
                replace(current.get());
            }
        } catch (IOException | RuntimeException e) {
            refuse(current, String.valueOf(e.getMessage()));
        }
    }

    /** Whether the same one was refused a short while ago. */
    private boolean isTooEarly(long current) {
        return refused.isPresent()
                && current == refusedSequence
                && clock.instant().isBefore(nextTry);
    }

    private void refuse(Optional<Current> current, String reason) {
        long now = current.map(Current::sequence).orElse(UNREAD);
        if (isTooEarly(now)) {
            return;
        }
        pause = refused.isPresent() && now == refusedSequence
                ? Collections.min(List.of(pause.multipliedBy(2), LONGEST_PAUSE))
                : FIRST_PAUSE;
        refusedSequence = now;
        nextTry = clock.instant().plus(pause);
        String name = current.map(Current::run_id).orElse(Current.KEY);
        refused = Optional.of(new Refused(name, reason, clock.instant()));
        news.accept("refused model " + name + ", " + model.name() + " goes on: " + reason);
    }

    private void replace(Current current) {
        // a fence, or a word about the same champion
        if (!current.run_id().equals(model.name())) {
            ServedModel before = model;
            model = load(models.child(current.run_id()));
            before.giveBack();
            news.accept(
                    "serving model " + model.name() + ", version " + model.version() + ", instead of " + before.name());
        }
        sequence = current.sequence();
        refused = Optional.empty();
    }

    @Override
    public void close() {
        model.giveBack();
    }
}
