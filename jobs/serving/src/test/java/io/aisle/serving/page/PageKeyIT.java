package io.aisle.serving.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.aisle.serving.RunningServer;
import io.aisle.serving.keys.ApiKeyCommand;
import io.aisle.serving.keys.Scope;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;

/** The page beside a service that wants a key. */
class PageKeyIT {
    @TempDir
    private Path folder;

    private String classifies;
    private String doesAll;
    private Browser browser;
    private RunningServer server;

    @BeforeEach
    void start() {
        classifies = key("classifier", Set.of(Scope.CLASSIFY));
        doesAll = key("page", Set.of(Scope.CLASSIFY, Scope.FEEDBACK));
        ShopBundle.write(folder.resolve("model"));
        server = RunningServer.start(
                "--keys",
                folder.resolve("keys").toString(),
                "--model",
                folder.resolve("model").toString());
        browser = Browser.start(folder);
    }

    @AfterEach
    void end() {
        assertThat(browser.complaints()).isEmpty();
        browser.close();
        server.close();
    }

    private String key(String name, Set<Scope> scopes) {
        return new ApiKeyCommand(folder.resolve("keys"), name, scopes, 1_000, 1).run(Clock.systemUTC());
    }

    @Test
    void asksForKeyUntilOneIsKnownAndForgetsItWhenTold() {
        browser.open(server.uri("/#/model"));
        browser.see("#key-reason", "This service wants an API key.");
        assertThat(browser.violations()).isEmpty();
        browser.press(Keys.ENTER);
        browser.see("#key-input-problem", "Enter a key.");
        browser.type("#key-input", "of-another-house");
        browser.press(Keys.ENTER);
        browser.see("#key-reason", "API key");
        browser.press(Keys.ESCAPE);
        browser.see("#model-problem", "API key");

        browser.button("Forget key").click();
        browser.button("Try again").click();
        browser.type("#key-input", doesAll);
        browser.press(Keys.ENTER);

        browser.see("#model-body", "Accepted from 75%");
        assertThat(browser.script("return sessionStorage.getItem('aisle.key')")).isEqualTo(doesAll);
        assertThat((String) browser.script("return JSON.stringify(localStorage)"))
                .doesNotContain(doesAll);
        browser.button("Forget key").click();
        assertThat(browser.script("return sessionStorage.getItem('aisle.key')")).isNull();
    }

    @Test
    void saysWhichScopeKeyLacks() {
        browser.open(server.uri("/#/review"));
        browser.type("#key-input", classifies);
        browser.press(Keys.ENTER);

        browser.see("#review-problem", "The key lacks the scope “feedback”.");
    }
}
